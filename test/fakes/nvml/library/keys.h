/* Keys of a scenario, as numbers. */
#ifndef FAKE_NVML_KEYS_H
#define FAKE_NVML_KEYS_H

enum key {
#define K(scope, name, ...) K_##name,
#include "keys.def"
#undef K
  /* `*`: every call on the device. */
  K_every,
  KEY_COUNT
};

enum scope { SYSTEM = 1, DEVICE = 2, PROCESS = 4, ANY = DEVICE | PROCESS };

#define ARGUMENTS 3
/* An argument that a key does not have. */
#define NONE (-1)
/* The argument `all`: what NVML has as UINT_MAX, all links. */
#define ALL (-2)

struct key_row {
  enum scope scope;
  const char *name;
  const char *words[ARGUMENTS];
};

extern const struct key_row key_rows[KEY_COUNT];

/* A key as it is written: its arguments, of which one may be a range. */
struct key_use {
  enum key key;
  int arguments[ARGUMENTS];
  /* Which argument is a range up to `last`; NONE for none. */
  int ranged;
  int last;
};

/* Reads a key as it is written; says what is wrong with it, or NULL. */
const char *key_parse(const char *text, struct key_use *use);

#endif
