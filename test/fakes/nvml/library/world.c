/* The scenario that is in force: kept, looked up, and read again when its file changes. */
#include "fake.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE "EDGEGAUGE_FAKE_NVML"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct world *current;
static struct stat seen;
/* Instead of the variable. */
static char *chosen;

static uint32_t hash(int section, enum key key, int a, int b, int c) {
  uint32_t words[] = {(uint32_t)section, (uint32_t)key, (uint32_t)a, (uint32_t)b, (uint32_t)c};
  uint32_t h = 2166136261u;
  for (int i = 0; i < COUNT(words); i++) h = (h ^ words[i]) * 0x9e3779b1u, h ^= h >> 15;
  return h;
}

static bool is(const struct entry *entry, int section, enum key key, int a, int b, int c) {
  const int *at = entry->use.arguments;
  return entry->section == section && entry->use.key == key && at[0] == a && at[1] == b &&
         at[2] == c;
}

/* Where an entry is in the table, or would be. */
static uint32_t slot(const struct world *world, int section, enum key key, int a, int b, int c) {
  uint32_t mask = world->table_size - 1;
  uint32_t at = hash(section, key, a, b, c) & mask;
  while (world->table[at] != 0 && !is(&world->entries[world->table[at] - 1], section, key, a, b, c))
    at = (at + 1) & mask;
  return at;
}

struct entry *world_find(const struct world *world, int section, enum key key, int a, int b,
                         int c) {
  if (world->table_size == 0) return NULL;
  uint32_t index = world->table[slot(world, section, key, a, b, c)];
  return index == 0 ? NULL : &world->entries[index - 1];
}

static void grow(struct world *world) {
  uint32_t size = world->table_size == 0 ? 256 : world->table_size * 2;
  free(world->table);
  world->table = calloc(size, sizeof *world->table);
  world->table_size = size;
  world->entries = realloc(world->entries, size / 2 * sizeof *world->entries);
  for (int i = 0; i < world->entry_count; i++) {
    const struct entry *entry = &world->entries[i];
    const int *at = entry->use.arguments;
    world->table[slot(world, entry->section, entry->use.key, at[0], at[1], at[2])] =
        (uint32_t)i + 1;
  }
}

struct entry *world_put(struct world *world, int section, const struct key_use *use) {
  if ((uint32_t)world->entry_count >= world->table_size / 2) grow(world);
  const int *at = use->arguments;
  uint32_t place = slot(world, section, use->key, at[0], at[1], at[2]);
  if (world->table[place] == 0) {
    world->entries[world->entry_count] = (struct entry){.section = section, .use = *use};
    world->table[place] = (uint32_t)++world->entry_count;
  }
  return &world->entries[world->table[place] - 1];
}

void world_free(struct world *world) {
  if (world == NULL) return;
  if (world->log >= 0) close(world->log);
  free(world->text);
  free(world->sections);
  free(world->entries);
  free(world->table);
  free(world->events);
  free(world);
}

static char *read_all(const char *path, struct stat *st) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, st) != 0) {
    if (fd >= 0) close(fd);
    return NULL;
  }
  char *text = malloc((size_t)st->st_size + 1);
  ssize_t length = read(fd, text, (size_t)st->st_size);
  close(fd);
  text[length < 0 ? 0 : length] = '\0';
  return text;
}

static int section_like(const struct world *world, const struct section *other) {
  for (int i = 0; i < world->section_count; i++) {
    const struct section *section = &world->sections[i];
    if (section->gpu == other->gpu && section->mig == other->mig && section->pid == other->pid)
      return i;
  }
  return NONE;
}

/* `after N calls` goes on counting where a value stayed as it was. */
static void take_over_calls(struct world *to, const struct world *from) {
  int section = NONE;
  int of = NONE;
  for (int i = 0; i < to->entry_count; i++) {
    struct entry *entry = &to->entries[i];
    if (entry->section != section) {
      section = entry->section;
      of = section_like(from, &to->sections[section]);
    }
    const int *at = entry->use.arguments;
    struct entry *old =
        of == NONE ? NULL : world_find(from, of, entry->use.key, at[0], at[1], at[2]);
    if (old != NULL && strcmp(old->text, entry->text) == 0)
      entry->calls = __atomic_load_n(&old->calls, __ATOMIC_RELAXED);
  }
}

static bool same_file(const struct stat *a, const struct stat *b) {
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void release(struct world *world) {
  if (world != NULL && --world->references == 0) world_free(world);
}

static void refresh(void) {
  const char *path = chosen != NULL ? chosen : getenv(VARIABLE);
  struct stat now;
  if (path == NULL) {
    if (current == NULL) fprintf(stderr, "fake nvml: " VARIABLE " names no scenario\n");
    return;
  }
  /* A file that is being replaced may be missing for a moment: what was read before stays in force.
   */
  if (current != NULL && (stat(path, &now) != 0 || same_file(&now, &seen))) return;
  char *text = read_all(path, &now);
  if (text == NULL) {
    if (current == NULL) fprintf(stderr, "fake nvml: %s cannot be read\n", path);
    return;
  }
  struct world *next = world_parse(text, path);
  seen = now;
  if (next == NULL) return;
  if (current != NULL) take_over_calls(next, current);
  release(current);
  current = next;
  current->references = 1;
}

void world_choose(const char *path) {
  pthread_mutex_lock(&mutex);
  free(chosen);
  chosen = strdup(path);
  release(current);
  current = NULL;
  pthread_mutex_unlock(&mutex);
}

struct world *world_get(void) {
  pthread_mutex_lock(&mutex);
  refresh();
  if (current != NULL) current->references++;
  struct world *world = current;
  pthread_mutex_unlock(&mutex);
  return world;
}

void world_put_back(struct world *world) {
  pthread_mutex_lock(&mutex);
  release(world);
  pthread_mutex_unlock(&mutex);
}

void world_log(const struct world *world, const char *what, const char *name) {
  if (world->log < 0) return;
  char line[128];
  int length = snprintf(line, sizeof line, "%d %s %s\n", (int)getpid(), what, name);
  /* One write, so that lines of several processes do not mix. */
  if (write(world->log, line, (size_t)length) < 0) return;
}
