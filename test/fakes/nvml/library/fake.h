/* A libnvidia-ml.so.1 that answers what a scenario file says. The format is described in README.md.
 */
#ifndef FAKE_NVML_H
#define FAKE_NVML_H

/* Every version of a function is one of its own here. */
#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <nvml.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keys.h"

#define MAX_GPUS 64
/* A GPU has seven slices at most. */
#define MAX_MIGS 8
#define NS_PER_S 1000000000ull

/* ---- world.c, scenario.c: the scenario as it was read last ---- */

/* `[system]`, `[gpu 0]`, `[gpu 0 mig 1]` or `[gpu 0 process 4301]`; what it is not about is NONE.
 */
struct section {
  int gpu;
  int mig;
  int pid;
  /* Position in a range of sections. */
  int ordinal;
  bool absent;
};

/* `base` and so much more every second; a long double has every u64. */
struct number {
  long double base;
  double rate;
  /* nvmlValueType_t. */
  int type;
};

struct entry {
  /* Index of the section. */
  int section;
  struct key_use use;
  /* Number at the key's range, the `n` of its value. */
  int n;
  const char *text;
  /* The value is nothing but `number`, as most are: it needs not be read again. */
  bool plain;
  struct number number;
  /* How often it was asked for. */
  unsigned calls;
};

struct event {
  int gpu;
  unsigned long long type;
  unsigned long long data;
  unsigned gpu_instance;
  unsigned compute_instance;
  /* For a set that was registered when it was there already. */
  bool pending;
};

struct world {
  /* The file; entries point into it. */
  char *text;
  struct section *sections;
  int section_count;
  struct entry *entries;
  int entry_count;
  /* Hash table: index of an entry + 1. */
  uint32_t *table;
  uint32_t table_size;
  struct event *events;
  int event_count;
  /* Index of the section of a GPU (column 0) or a MIG device (its number + 1); NONE. */
  int section_of[MAX_GPUS][1 + MAX_MIGS];
  /* GPUs that are present, in the order of their indexes. */
  int gpus[MAX_GPUS];
  int gpu_count;
  /* Seconds since the epoch at which growing counters had their stated value. */
  double epoch;
  /* Seconds since then, where time stands still; NaN where it does not. */
  double elapsed;
  int log;
  int references;
};

/* Reads a scenario; NULL after saying what is wrong with it. */
struct world *world_parse(char *text, const char *path);
/* Finds or makes an entry. */
struct entry *world_put(struct world *world, int section, const struct key_use *use);
struct entry *world_find(const struct world *world, int section, enum key key, int a, int b, int c);
void world_free(struct world *world);

/* The scenario as it is now, read again if its file was changed; NULL when it cannot be read. */
struct world *world_get(void);
void world_put_back(struct world *world);
/* From now on this file, whatever the environment says. */
void world_choose(const char *path);
/* A line for the test that waits for it: what happened to what. */
void world_log(const struct world *world, const char *what, const char *name);

/* ---- value.c: what a value says ---- */

enum form {
  /* No such key, or not yet. */
  NOTHING,
  /* SUCCESS and no more. */
  PASS,
  TEXT,
  /* A list of a length that cannot be. */
  GARBAGE,
  /* SUCCESS, but nothing is written. */
  UNWRITTEN,
};

struct value {
  enum form form;
  const char *text;
  int length;
  /* The same as a number; type as nvmlValueType_t. */
  long double number;
  int type;
  /* With GARBAGE. */
  unsigned garbage;
};

/* What an entry (or NULL) answers now. Obeys it: may sleep, and may not return. */
nvmlReturn_t value_now(const struct world *world, struct entry *entry, struct value *value);
/* What it would answer, without anything happening. */
nvmlReturn_t value_peek(struct entry *entry);
/* Reads a number: `1000 +4*gpu +250/s`. False when it is none. */
bool number_parse(const struct section *section, int n, const char *text, const char *end,
                  struct number *out);
/* The number that a value is now; UNKNOWN after saying so when it is none. */
nvmlReturn_t value_number(const struct world *world, const struct entry *entry,
                          struct value *value);
/* NVML's name of a return code without NVML_ERROR_, or the code of a name; NULL, -1 where there is
 * none. */
const char *return_name(nvmlReturn_t rc);
int return_code(const char *name, size_t length);
/* Takes the first word off a text; false at its end. */
bool next_word(const char **text, const char *end, const char **word, size_t *length);
/* "20ms" in nanoseconds; 0 when it is no time. */
uint64_t duration(const char *word, size_t length);

/* ---- call.c: one call into the library ---- */

struct call {
  struct world *world;
  /* Where its values are, an index of the world's sections. */
  int section;
  int gpu;
  int mig;
  enum key key;
  /* What the key says without arguments. */
  struct value whole;
  uint64_t began;
};

/* Begins a call: initialised, device there, nothing wrong with it as a whole. Always followed by
 * call_end. */
nvmlReturn_t call_system(struct call *call, enum key key);
nvmlReturn_t call_device(struct call *call, nvmlDevice_t device, enum key key);
nvmlReturn_t call_end(struct call *call, nvmlReturn_t rc);

/* One value of the call's section; NOT_SUPPORTED where the scenario has none. */
nvmlReturn_t call_value(struct call *call, enum key key, int a, int b, int c, struct value *value);
nvmlReturn_t call_number(struct call *call, enum key key, int a, int b, int c, struct value *value);
nvmlReturn_t call_text(struct call *call, enum key key, int a, int b, char *out, unsigned length);
/* A number that need not be there. */
long double call_option(struct call *call, int section, enum key key, long double otherwise);

/* A number is written as so many bytes. */
void store(void *out, size_t bytes, long double number);

/* A member of a struct; its position among others is that of its word in the key. */
struct member {
  size_t offset;
  size_t bytes;
};
#define MEMBER(type, name) \
  { offsetof(type, name), sizeof(((type *)0)->name) }

/* Fills the members that the scenario has; NOT_SUPPORTED when there are none. Up to two arguments
 * before them. */
nvmlReturn_t fill(struct call *call, void *out, const struct member *members, int count, int a,
                  int b);
/* A whole call that fills one struct. */
nvmlReturn_t fill_device(nvmlDevice_t device, enum key key, void *out, const struct member *members,
                         int count, int a, int b);
#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

/* A whole call that answers one number of so many bytes, or one text. */
nvmlReturn_t number_device(nvmlDevice_t device, enum key key, int a, int b, int c, void *out,
                           size_t bytes);
nvmlReturn_t text_device(nvmlDevice_t device, enum key key, int a, char *out, unsigned length);

/* ---- handles ---- */

nvmlDevice_t device_handle(int gpu, int mig);
/* Sets GPU and MIG number of a handle; false when it is none. */
bool device_known(nvmlDevice_t device, int *gpu, int *mig);

uint64_t now_ns(void);
/* Microseconds since 1970, as NVML stamps what it took. */
uint64_t now_us(void);

#endif
