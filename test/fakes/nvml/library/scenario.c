/* Reads a scenario file: sections, keys, values. What they mean is decided when somebody asks. */
#include "fake.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reader {
  struct world *world;
  const char *path;
  int line;
  const char *error;
  /* Sections that lines go to: a header may name several. */
  int *into;
  int into_count;
  enum scope scope;
};

static char *trim(char *text) {
  while (isspace((unsigned char)*text)) text++;
  size_t length = strlen(text);
  while (length > 0 && isspace((unsigned char)text[length - 1])) length--;
  text[length] = '\0';
  return text;
}

static int section_at(struct world *world, int gpu, int mig, int pid) {
  for (int i = 0; i < world->section_count; i++) {
    struct section *section = &world->sections[i];
    if (section->gpu == gpu && section->mig == mig && section->pid == pid) return i;
  }
  int at = world->section_count++;
  world->sections =
      realloc(world->sections, (size_t)world->section_count * sizeof *world->sections);
  world->sections[at] = (struct section){.gpu = gpu, .mig = mig, .pid = pid};
  return at;
}

/* "3" or "0-7". */
static bool read_range(const char *text, int *first, int *last) {
  char *end;
  *first = *last = (int)strtol(text, &end, 10);
  if (end != text && *end == '-') *last = (int)strtol(end + 1, &end, 10);
  return end != text && *end == '\0' && *first >= 0 && *last >= *first;
}

static void go_into(struct reader *reader, int section, int ordinal) {
  reader->into = realloc(reader->into, (size_t)(reader->into_count + 1) * sizeof *reader->into);
  reader->into[reader->into_count++] = section;
  reader->world->sections[section].ordinal = ordinal;
}

static const char *read_header(struct reader *reader, char *text) {
  struct world *world = reader->world;
  char what[16] = "", gpus[32] = "", part[16] = "", parts[32] = "", more;
  int words = sscanf(text, "%15s %31s %15s %31s %c", what, gpus, part, parts, &more);
  reader->into_count = 0;
  reader->scope = SYSTEM;
  if (words == 1 && strcmp(what, "system") == 0) return go_into(reader, 0, 0), NULL;
  int gpu, last_gpu, first = NONE, last = NONE;
  if ((words != 2 && words != 4) || strcmp(what, "gpu") != 0 ||
      !read_range(gpus, &gpu, &last_gpu) || last_gpu >= MAX_GPUS)
    return "no such section";
  bool mig = strcmp(part, "mig") == 0;
  if (words == 4 && ((!mig && strcmp(part, "process") != 0) || !read_range(parts, &first, &last) ||
                     (mig && last >= MAX_MIGS)))
    return "no such section";
  reader->scope = words == 4 && !mig ? PROCESS : DEVICE;
  for (; gpu <= last_gpu; gpu++)
    for (int at = first; at <= last; at++)
      go_into(reader, section_at(world, gpu, mig ? at : NONE, mig ? NONE : at),
              first == NONE ? 0 : at - first);
  return NULL;
}

/* `xid = 79 [gi 3] [ci 0] [pending]`, `event = TYPE DATA …` */
static const char *read_event(struct reader *reader, int section, enum key key, const char *text) {
  struct world *world = reader->world;
  struct event event = {.gpu = world->sections[section].gpu,
                        .type = nvmlEventTypeXidCriticalError,
                        .gpu_instance = ~0u,
                        .compute_instance = ~0u};
  char *end = (char *)text;
  if (key == K_event) event.type = strtoull(text, &end, 0);
  event.data = strtoull(end, &end, 0);
  if (end == text) return "no such event";
  char word[16];
  int length;
  for (const char *rest = end; sscanf(rest, " %15s%n", word, &length) == 1; rest += length) {
    unsigned *instance = strcmp(word, "gi") == 0   ? &event.gpu_instance
                         : strcmp(word, "ci") == 0 ? &event.compute_instance
                                                   : NULL;
    int more = 0;
    if (strcmp(word, "pending") == 0)
      event.pending = true;
    else if (instance == NULL || sscanf(rest + length, "%u%n", instance, &more) != 1)
      return "no such event";
    length += more;
  }
  world->events = realloc(world->events, (size_t)(world->event_count + 1) * sizeof *world->events);
  world->events[world->event_count++] = event;
  return NULL;
}

static void assign(const struct world *world, struct entry *entry, int n, const char *text) {
  const struct section *section = &world->sections[entry->section];
  entry->n = n;
  entry->text = text;
  entry->plain = number_parse(section, n, text, text + strlen(text), &entry->number);
}

static const char *read_line(struct reader *reader, char *key, char *text) {
  struct key_use use;
  const char *error = key_parse(key, &use);
  if (error != NULL) return error;
  if ((key_rows[use.key].scope & reader->scope) == 0) return "not a key of this section";
  if (*text == '\0') return "no value";
  bool whole = key_rows[use.key].words[0] != NULL && use.arguments[0] == NONE;
  if (whole && isdigit((unsigned char)*text)) return "a number of what? An argument is missing";
  for (int i = 0; i < reader->into_count; i++) {
    int section = reader->into[i];
    if (use.key == K_xid || use.key == K_event) {
      if ((error = read_event(reader, section, use.key, text)) != NULL) return error;
      continue;
    }
    struct key_use one = use;
    one.ranged = NONE;
    int n = 0;
    int last = 0;
    if (use.ranged != NONE) n = use.arguments[use.ranged], last = use.last;
    for (; n <= last; n++) {
      if (use.ranged != NONE) one.arguments[use.ranged] = n;
      assign(reader->world, world_put(reader->world, section, &one), n, text);
    }
  }
  return NULL;
}

static void read_lines(struct reader *reader) {
  char *next = reader->world->text;
  while (next != NULL && reader->error == NULL) {
    char *line = strsep(&next, "\n");
    reader->line++;
    /* A comment starts its line or stands behind a blank: a "#" in a name is none. */
    char *comment = line;
    while (*comment != '\0' &&
           (*comment != '#' || (comment > line && !isspace((unsigned char)comment[-1]))))
      comment++;
    *comment = '\0';
    line = trim(line);
    if (*line == '\0') continue;
    char *end = line + strlen(line) - 1;
    char *equals = strchr(line, '=');
    if (*line == '[' && *end == ']') {
      *end = '\0';
      reader->error = read_header(reader, line + 1);
    } else if (equals == NULL || reader->into_count == 0) {
      reader->error = "expected `key = value` in a section";
    } else {
      *equals = '\0';
      reader->error = read_line(reader, trim(line), trim(equals + 1));
    }
  }
}

/* What is asked for all the time, found once. */
static void conclude(struct world *world) {
  static double began;
  if (began == 0) began = (double)now_us() / 1e6;
  for (int g = 0; g < MAX_GPUS; g++)
    for (int m = 0; m <= MAX_MIGS; m++) world->section_of[g][m] = NONE;
  for (int i = 0; i < world->section_count; i++) {
    struct section *section = &world->sections[i];
    const struct entry *absent = world_find(world, i, K_absent, NONE, NONE, NONE);
    section->absent = absent != NULL && strcmp(absent->text, "yes") == 0;
    if (section->gpu == NONE || section->pid != NONE || section->absent) continue;
    world->section_of[section->gpu][section->mig + 1] = i;
  }
  for (int g = 0; g < MAX_GPUS; g++)
    if (world->section_of[g][0] != NONE) world->gpus[world->gpu_count++] = g;
  const struct entry *epoch = world_find(world, 0, K_epoch, NONE, NONE, NONE);
  const struct entry *elapsed = world_find(world, 0, K_elapsed, NONE, NONE, NONE);
  const struct entry *log = world_find(world, 0, K_log, NONE, NONE, NONE);
  world->epoch = epoch == NULL ? began : strtod(epoch->text, NULL);
  world->elapsed = elapsed == NULL ? (double)NAN : strtod(elapsed->text, NULL);
  if (log != NULL) world->log = open(log->text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
}

struct world *world_parse(char *text, const char *path) {
  struct world *world = calloc(1, sizeof *world);
  struct reader reader = {.world = world, .path = path};
  world->text = text;
  world->log = -1;
  section_at(world, NONE, NONE, NONE);
  read_lines(&reader);
  free(reader.into);
  if (reader.error != NULL) {
    fprintf(stderr, "fake nvml: %s:%d: %s\n", path, reader.line, reader.error);
    world_free(world);
    return NULL;
  }
  conclude(world);
  return world;
}
