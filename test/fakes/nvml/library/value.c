/* What a value says: a number, a text, a return code, or how the call is to misbehave. */
#include "fake.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORD(text) (length == sizeof text - 1 && memcmp(word, text, length) == 0)

bool next_word(const char **text, const char *end, const char **word, size_t *length) {
  const char *at = *text;
  while (at < end && isspace((unsigned char)*at)) at++;
  *word = at;
  while (at < end && !isspace((unsigned char)*at)) at++;
  *length = (size_t)(at - *word);
  *text = at;
  return *length > 0;
}

uint64_t duration(const char *word, size_t length) {
  char *unit;
  double number = strtod(word, &unit);
  size_t rest = (size_t)(word + length - unit);
  double ns = rest == 2 && memcmp(unit, "us", 2) == 0   ? 1e3
              : rest == 2 && memcmp(unit, "ms", 2) == 0 ? 1e6
              : rest == 1 && *unit == 's'               ? 1e9
                                                        : 0;
  return (uint64_t)(number * ns);
}

/*
 * `A; B after 3 calls; C after 9 calls`: the part that is in force at a call, without its
 * condition. False while there is none yet.
 */
static bool part_at(const char *text, unsigned calls, const char **from, const char **to) {
  bool any = false;
  bool steps = strstr(text, " after ") != NULL;
  for (const char *end; text != NULL; text = *end == ';' ? end + 1 : NULL) {
    end = steps ? text + strcspn(text, ";") : text + strlen(text);
    const char *condition = memmem(text, (size_t)(end - text), " after ", 7);
    if (condition != NULL && strtoul(condition + 7, NULL, 10) > calls) continue;
    *from = text;
    *to = condition == NULL ? end : condition;
    any = true;
  }
  return any;
}

static _Noreturn void hang(void) {
  for (;;) pause();
}

/* Waits where nobody can be woken: the kernel finishes the read first, whatever signal comes. */
static void hang_file(const char *path, size_t length) {
  char name[4096];
  char byte;
  snprintf(name, sizeof name, "%.*s", (int)length, path);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || read(fd, &byte, 1) < 0) fprintf(stderr, "fake nvml: %s cannot be read\n", name);
  if (fd >= 0) close(fd);
}

static void segfault(void) {
  /* Not by a signal that is sent: a handler is to see the address of a real fault. */
  volatile uintptr_t nowhere = 16;
  *(volatile int *)nowhere = 0;
}

static void wait_for(uint64_t ns) {
  struct timespec time = {(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
  while (nanosleep(&time, &time) != 0) continue;
}

static nvmlReturn_t garbage(struct value *value, const char *text, const char *end) {
  const char *word;
  size_t length;
  value->form = GARBAGE;
  value->garbage = 0x7fffffff;
  while (next_word(&text, end, &word, &length)) {
    int rc = return_code(word, length);
    if (rc > 0) return (nvmlReturn_t)rc;
    if (isdigit((unsigned char)*word)) value->garbage = (unsigned)strtoul(word, NULL, 0);
  }
  return NVML_SUCCESS;
}

nvmlReturn_t value_now(const struct world *world, struct entry *entry, struct value *value) {
  *value = (struct value){.form = NOTHING};
  if (entry == NULL) return NVML_SUCCESS;
  if (entry->plain) {
    value->form = TEXT;
    value->text = entry->text;
    value->length = (int)strlen(entry->text);
    return NVML_SUCCESS;
  }
  const char *text, *end, *word;
  size_t length;
  unsigned calls = __atomic_fetch_add(&entry->calls, 1, __ATOMIC_RELAXED);
  if (!part_at(entry->text, calls, &text, &end)) return NVML_SUCCESS;
  const char *name = key_rows[entry->use.key].name;
  value->form = PASS;
  while (next_word(&text, end, &word, &length)) {
    int rc = return_code(word, length);
    if (rc >= 0) return (nvmlReturn_t)rc;
    if (WORD("slow")) {
      next_word(&text, end, &word, &length);
      wait_for(duration(word, length));
    } else if (WORD("hang")) {
      world_log(world, "hang", name);
      hang();
    } else if (WORD("hang-file")) {
      next_word(&text, end, &word, &length);
      world_log(world, "hang-file", name);
      hang_file(word, length);
    } else if (WORD("abort")) {
      world_log(world, "abort", name);
      abort();
    } else if (WORD("segfault")) {
      world_log(world, "segfault", name);
      segfault();
    } else if (WORD("garbage-length")) {
      return garbage(value, text, end);
    } else if (WORD("unwritten")) {
      value->form = UNWRITTEN;
      return NVML_SUCCESS;
    } else {
      value->form = TEXT;
      value->text = word;
      while (end > word && isspace((unsigned char)end[-1])) end--;
      value->length = (int)(end - word);
      return NVML_SUCCESS;
    }
  }
  return NVML_SUCCESS;
}

nvmlReturn_t value_peek(struct entry *entry) {
  const char *text, *end, *word;
  size_t length;
  if (entry == NULL || !part_at(entry->text, entry->calls, &text, &end)) return NVML_SUCCESS;
  int rc = next_word(&text, end, &word, &length) ? return_code(word, length) : -1;
  return rc < 0 ? NVML_SUCCESS : (nvmlReturn_t)rc;
}

/* ---- numbers ---- */

static bool type_word(const char *word, size_t length, int *type) {
  static const struct {
    const char *word;
    int type;
  } types[] = {{"f64", 0}, {"u32", 1}, {"ul", 2}, {"u64", 3}, {"i64", 4}, {"i32", 5}, {"u16", 6}};
  for (int i = 0; i < COUNT(types); i++)
    if (strlen(types[i].word) == length && memcmp(types[i].word, word, length) == 0)
      return *type = types[i].type, true;
  return false;
}

/* What a number is multiplied by: `MiB*gpu`. False when that is no unit. `/s` makes it a rate. */
static bool factors(const struct section *section, int n, const char *unit, const char *end,
                    long double *by, bool *rate) {
  const struct {
    const char *unit;
    long double by;
  } known[] = {
      {"KiB", 1024},
      {"MiB", 1048576},
      {"GiB", 1073741824},
      {"*gpu", section->gpu},
      {"*mig", section->mig},
      {"*pid", section->pid},
      {"*i", section->ordinal},
      {"*n", n},
      {"/s", 1},
  };
  for (*by = 1; unit < end;) {
    int i = 0;
    size_t length = 0;
    for (; i < COUNT(known); i++) {
      length = strlen(known[i].unit);
      if (length <= (size_t)(end - unit) && memcmp(known[i].unit, unit, length) == 0) break;
    }
    if (i == COUNT(known)) return false;
    *by *= known[i].by;
    *rate |= *known[i].unit == '/';
    unit += length;
  }
  return true;
}

bool number_parse(const struct section *section, int n, const char *text, const char *end,
                  struct number *out) {
  const char *word;
  size_t length;
  bool typed = false;
  bool any = false;
  *out = (struct number){.type = NVML_VALUE_TYPE_UNSIGNED_LONG_LONG};
  while (next_word(&text, end, &word, &length)) {
    if (!any && !typed && type_word(word, length, &out->type)) {
      typed = true;
      continue;
    }
    /* Terms after the first have a sign: two numbers are a list. */
    if (any && *word != '+' && *word != '-') return false;
    char *unit;
    long double by;
    bool rate = false;
    const char *word_end = word + length;
    long double number = strtold(word, &unit);
    if (unit == word || unit > word_end || !factors(section, n, unit, word_end, &by, &rate))
      return false;
    any = true;
    if (rate)
      out->rate += (double)(number * by);
    else
      out->base += number * by;
    if (!typed && memchr(word, '.', length) != NULL) out->type = NVML_VALUE_TYPE_DOUBLE;
  }
  if (!typed && out->base < 0 && out->type != NVML_VALUE_TYPE_DOUBLE)
    out->type = NVML_VALUE_TYPE_SIGNED_LONG_LONG;
  return any;
}

static double elapsed(const struct world *world) {
  return isnan(world->elapsed) ? (double)now_us() / 1e6 - world->epoch : world->elapsed;
}

nvmlReturn_t value_number(const struct world *world, const struct entry *entry,
                          struct value *value) {
  struct number number;
  const struct section *section = &world->sections[entry->section];
  const char *end = value->text + value->length;
  if (entry->plain) {
    number = entry->number;
  } else if (value->form != TEXT || !number_parse(section, entry->n, value->text, end, &number)) {
    fprintf(stderr, "fake nvml: %s: \"%s\" is no number\n", key_rows[entry->use.key].name,
            entry->text);
    return NVML_ERROR_UNKNOWN;
  }
  value->number = number.base;
  if (number.rate != 0) value->number += number.rate * elapsed(world);
  value->type = number.type;
  return NVML_SUCCESS;
}

void store(void *out, size_t bytes, long double number) {
  uint64_t whole = number < 0 ? (uint64_t)(int64_t)number : (uint64_t)number;
  /* Little-endian, as all machines with these GPUs are. */
  memcpy(out, &whole, bytes);
}
