/*
 * The floor: what collecting and rendering costs where nothing but the work itself is paid for.
 * It loads a plan (the compiled shape of every kernel file and every line of the page, as text),
 * then reads the same files with pread(2), scans the same tokens and writes the same page, N times.
 *
 *   floor PLAN N        nanoseconds per round on standard output
 *   floor PLAN 0        one round, the page on standard output
 *
 * Plan lines:  F path | S separator-bytes-in-hex | O op slot times over [word]  | H head-in-hex | L slot scale text-in-hex
 */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WORD, NUMBER, HEX, SKIP, REST };
/* As src/host/reader.ts: a first read shorter than this was all there is; of a file that was short a page is asked for. */
enum { SURELY_ALL = 3072, PAGE = 4096 };

typedef struct { int op, slot, length; double times, over; char *word; } Op;
typedef struct { int fd, isShort; unsigned char separators[256]; Op *ops; int count, room; } File;
typedef struct { int slot; double scale; char *text; int length; int head; } Line;
typedef struct { char *text; int length; } Head;

static File files[64];
static int fileCount;
static Line *lines;
static int lineCount, lineRoom;
static Head *heads;
static int headCount, headRoom;
static double *values;
static int valueRoom;
static unsigned char *buffer;
static size_t bufferSize = 1 << 16;
static char *page;

static void *grown(void *list, int count, int *room, size_t size) {
    if (count < *room) return list;
    *room = *room ? *room * 2 : 256;
    return realloc(list, (size_t)*room * size);
}

static char *unhex(const char *hex, int *length) {
    *length = (int)(strlen(hex) / 2);
    char *out = malloc((size_t)*length + 1);
    for (int i = 0; i < *length; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        out[i] = (char)byte;
    }
    return out;
}

static void slotSeen(int slot) {
    if (slot < valueRoom) return;
    int room = valueRoom ? valueRoom : 1024;
    while (room <= slot) room *= 2;
    values = realloc(values, (size_t)room * sizeof *values);
    for (int i = valueRoom; i < room; i++) values[i] = NAN;
    valueRoom = room;
}

static void load(const char *path) {
    FILE *plan = fopen(path, "r");
    if (!plan) { perror(path); exit(1); }
    char *line = NULL;
    size_t room = 0;
    for (ssize_t n; (n = getline(&line, &room, plan)) > 0;) {
        if (line[n - 1] == '\n') line[n - 1] = 0;
        File *file = &files[fileCount - 1];
        char *rest = line + 2;
        if (line[0] == 'F') {
            file = &files[fileCount++];
            file->fd = open(rest, O_RDONLY);
            if (file->fd < 0) { perror(rest); exit(1); }
        } else if (line[0] == 'S') {
            int length;
            char *bytes = unhex(rest, &length);
            for (int i = 0; i < length; i++) file->separators[(unsigned char)bytes[i]] = 1;
        } else if (line[0] == 'O') {
            file->ops = grown(file->ops, file->count, &file->room, sizeof *file->ops);
            Op *op = &file->ops[file->count++];
            int used = 0;
            sscanf(rest, "%d %d %lf %lf %n", &op->op, &op->slot, &op->times, &op->over, &used);
            op->word = unhex(rest + used, &op->length);
            if (op->op == NUMBER || op->op == HEX) slotSeen(op->slot);
        } else if (line[0] == 'H') {
            heads = grown(heads, headCount, &headRoom, sizeof *heads);
            heads[headCount].text = unhex(rest, &heads[headCount].length);
            headCount++;
        } else if (line[0] == 'L') {
            lines = grown(lines, lineCount, &lineRoom, sizeof *lines);
            Line *l = &lines[lineCount++];
            int used = 0;
            sscanf(rest, "%d %lf %n", &l->slot, &l->scale, &used);
            l->text = unhex(rest + used, &l->length);
            l->head = headCount - 1;
            slotSeen(l->slot);
        }
    }
    free(line);
    fclose(plan);
}

static size_t readAll(File *file) {
    size_t length = 0, room = file->isShort ? PAGE : bufferSize;
    for (;;) {
        ssize_t n = pread(file->fd, buffer + length, room, (off_t)length);
        if (n <= 0) break;
        length += (size_t)n;
        if (length < SURELY_ALL) break;
        if (length == bufferSize) buffer = realloc(buffer, bufferSize *= 2);
        room = bufferSize - length;
    }
    file->isShort = length < SURELY_ALL;
    return length;
}

static double number(const unsigned char *at, const unsigned char *end, int base) {
    int negative = base == 10 && at < end && *at == '-';
    if (negative) at++;
    uint64_t whole = 0;
    const unsigned char *first = at;
    for (; at < end; at++) {
        int c = *at;
        int digit = c >= '0' && c <= '9' ? c - '0' : base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) break;
        whole = whole * (uint64_t)base + (uint64_t)digit;
    }
    if (at == first) return NAN;
    double value = (double)whole;
    if (at < end && *at == '.') {
        double power = 1;
        for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
            value = value * 10 + (*at - '0');
            power *= 10;
        }
        value /= power;
    }
    if (at != end) return NAN;
    return negative ? -value : value;
}

static void scan(const File *file, size_t length) {
    const unsigned char *at = buffer, *end = buffer + length;
    for (int k = 0; k < file->count; k++) {
        const Op *op = &file->ops[k];
        if (op->op == REST) {
            const unsigned char *newline = memchr(at, '\n', (size_t)(end - at));
            at = newline ? newline + 1 : end;
            continue;
        }
        while (at < end && file->separators[*at]) at++;
        const unsigned char *token = at;
        while (at < end && *at != '\n' && !file->separators[*at]) at++;
        if (op->op == WORD && (at - token != op->length || memcmp(token, op->word, (size_t)op->length))) {
            fprintf(stderr, "the shape of file %d changed\n", (int)(file - files));
            exit(2);
        }
        if (op->op == NUMBER || op->op == HEX)
            values[op->slot] = number(token, at, op->op == HEX ? 16 : 10) * op->times / op->over;
    }
}

static char *digits(char *out, uint64_t n) {
    char reversed[20];
    int count = 0;
    do reversed[count++] = (char)('0' + n % 10); while (n /= 10);
    while (count) *out++ = reversed[--count];
    return out;
}

static char *writeNumber(char *out, double value) {
    if (value == 0) { *out++ = '0'; return out; }
    if (value < 0) { *out++ = '-'; value = -value; }
    if (value < 9007199254740992.0 && value == floor(value)) return digits(out, (uint64_t)value);
    double power = 1;
    for (int decimals = 1; decimals <= 9; decimals++) {
        power *= 10;
        double scaled = floor(value * power + 0.5);
        if (scaled >= 9007199254740992.0) break;
        if (scaled / power != value) continue;
        uint64_t whole = (uint64_t)scaled, unit = (uint64_t)power;
        out = digits(out, whole / unit);
        *out++ = '.';
        uint64_t fraction = whole % unit;
        for (int i = decimals - 1; i >= 0; i--, fraction /= 10) out[i] = (char)('0' + fraction % 10);
        return out + decimals;
    }
    char text[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, value);
        if (strtod(text, NULL) == value) break;
    }
    char *e = strchr(text, 'e');
    if (e && value < 1e21 && value >= 1) {
        /* Whole numbers are written out: digits, then zeros. */
        int exponent = atoi(e + 1), placed = 0;
        for (char *c = text; c < e; c++)
            if (*c != '.') { *out++ = *c; placed++; }
        while (placed++ <= exponent) *out++ = '0';
        return out;
    }
    size_t length = strlen(text);
    memcpy(out, text, length);
    return out + length;
}

static size_t render(void) {
    char *out = page;
    int head = -1;
    for (int i = 0; i < lineCount; i++) {
        const Line *l = &lines[i];
        double value = values[l->slot];
        if (isnan(value)) continue;
        if (l->head != head) {
            head = l->head;
            memcpy(out, heads[head].text, (size_t)heads[head].length);
            out += heads[head].length;
        }
        memcpy(out, l->text, (size_t)l->length);
        out = writeNumber(out + l->length, value * l->scale);
        *out++ = '\n';
    }
    return (size_t)(out - page);
}

static size_t once(void) {
    for (int f = 0; f < fileCount; f++) scan(&files[f], readAll(&files[f]));
    return render();
}

int main(int argc, char **argv) {
    if (argc != 3) { fprintf(stderr, "floor PLAN ROUNDS\n"); return 1; }
    buffer = malloc(bufferSize);
    load(argv[1]);
    size_t room = 1 << 20;
    for (int i = 0; i < lineCount; i++) room += (size_t)lines[i].length + 40;
    for (int i = 0; i < headCount; i++) room += (size_t)heads[i].length;
    page = malloc(room);
    long rounds = atol(argv[2]);
    if (rounds == 0) return fwrite(page, 1, once(), stdout) > 0 ? 0 : 1;
    for (long i = 0; i < rounds / 10; i++) once();
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (long i = 0; i < rounds; i++) once();
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("%.0f\n", ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / (double)rounds);
    return 0;
}
