/* Keys of a scenario: text to numbers. */
#include "keys.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CLOCKS "graphics sm mem video"
#define ERRORS "corrected uncorrected"
#define COUNTERS "volatile aggregate"
#define BUSY "utilization samplingPeriodUs"
#define PCI "busId pciDeviceId pciSubSystemId"

const struct key_row key_rows[KEY_COUNT] = {
#define K(scope, name, ...) {scope, #name, {__VA_ARGS__}},
#include "keys.def"
#undef K
    {DEVICE, "*", {NULL}},
};

static bool same(const char *word, const char *text, size_t length) {
  return strncmp(word, text, length) == 0 && word[length] == '\0';
}

/* Position of a word in a list; NONE when it is not in it. */
static int position(const char *list, const char *word, size_t length) {
  for (int at = 0;; at++) {
    size_t size = strcspn(list, " ");
    if (size == length && strncmp(list, word, length) == 0) return at;
    if (list[size] == '\0') return NONE;
    list += size + 1;
  }
}

static bool parse_argument(const char *text, size_t length, int at, struct key_use *use) {
  const char *words = key_rows[use->key].words[at];
  if (words == NULL || length == 0) return false;
  char *end;
  if (isdigit((unsigned char)*text)) {
    use->arguments[at] = (int)strtol(text, &end, 0);
    if (*end == '-' && use->ranged == NONE) {
      use->ranged = at;
      use->last = (int)strtol(end + 1, &end, 0);
    }
    return end == text + length;
  }
  use->arguments[at] = same("all", text, length) ? ALL : position(words, text, length);
  return use->arguments[at] != NONE;
}

const char *key_parse(const char *text, struct key_use *use) {
  size_t length = strcspn(text, ".");
  *use = (struct key_use){.key = KEY_COUNT, .arguments = {NONE, NONE, NONE}, .ranged = NONE};
  for (enum key key = 0; key < KEY_COUNT; key++)
    if (same(key_rows[key].name, text, length)) use->key = key;
  if (use->key == KEY_COUNT) return "no such key";
  text += length;
  for (int at = 0; *text == '.'; at++) {
    if (at == ARGUMENTS) return "too many arguments";
    length = strcspn(++text, ".");
    if (!parse_argument(text, length, at, use)) return "no such argument";
    text += length;
  }
  return NULL;
}
