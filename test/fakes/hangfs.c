/*
 * A FUSE file system that can keep its callers waiting: what a dead NFS server or a device that fell
 * off the bus does to a process. One flat folder of files.
 *
 *   hangfs MOUNTPOINT [NAME=CONTENT]...
 *
 * Commands, one per line, on standard input; each is answered with "ok" on standard output:
 *   hold statfs      statfs(2) is not answered from now on
 *   hold NAME        read(2) of this file is not answered from now on
 *   free             everything is answered from now on, what was held too
 *   fail ERRNO       statfs(2) fails with this number from now on; 0: succeeds again
 *   break NAME ERRNO OFFSET
 *                    read(2) of this file fails with this number from this offset on; 0: succeeds again
 * A caller that is kept waiting is told as "held statfs" or "held NAME". The end of standard input, and
 * the end of the parent, unmount and end the program; the kernel then answers what was held with an
 * error. (A parent that was killed while one of its own threads is held keeps its end of our input open.)
 *
 * cc hangfs.c $(pkg-config --cflags --libs fuse3) -o hangfs
 */
#define FUSE_USE_VERSION 35
#define _GNU_SOURCE
#include <errno.h>
#include <fuse_lowlevel.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FILES 64
#define HELD 1024
/* Inode of files[i]; the root has number 1. */
#define INODE(i) ((fuse_ino_t)(i) + 2)

struct file {
  const char *name;
  const char *content;
  bool hold;
  /* What read(2) fails with from break_at on. */
  int error;
  size_t break_at;
};

struct held {
  fuse_req_t req;
  /* Index of the file that is read, -1 for statfs. */
  int file;
  off_t offset;
  size_t size;
};

static struct file files[FILES];
static int file_count;
static struct held held[HELD];
static int held_count;
static bool hold_statfs;
static int statfs_error;

static void say(const char *word, const char *name) {
  printf(name ? "%s %s\n" : "%s\n", word, name);
  fflush(stdout);
}

static void fill(fuse_ino_t inode, struct stat *st) {
  memset(st, 0, sizeof *st);
  st->st_ino = inode;
  if (inode == FUSE_ROOT_ID) {
    st->st_mode = S_IFDIR | 0755;
    st->st_nlink = 2;
  } else {
    st->st_mode = S_IFREG | 0444;
    st->st_nlink = 1;
    /* As sysfs has it: the size says nothing. */
    st->st_size = 4096;
  }
}

static int find(const char *name) {
  for (int i = 0; i < file_count; i++)
    if (strcmp(files[i].name, name) == 0) return i;
  return -1;
}

static bool keep(fuse_req_t req, int file, size_t size, off_t offset) {
  if (held_count == HELD) return false;
  held[held_count++] = (struct held){req, file, offset, size};
  say("held", file < 0 ? "statfs" : files[file].name);
  return true;
}

static void reply_read(fuse_req_t req, int file, size_t size, off_t offset) {
  size_t length = strlen(files[file].content);
  if (files[file].error != 0) {
    if ((size_t)offset >= files[file].break_at) {
      fuse_reply_err(req, files[file].error);
      return;
    }
    if (length > files[file].break_at) length = files[file].break_at;
  }
  if ((size_t)offset >= length) {
    fuse_reply_buf(req, NULL, 0);
    return;
  }
  size_t rest = length - (size_t)offset;
  fuse_reply_buf(req, files[file].content + offset, rest < size ? rest : size);
}

/* A fragment size other than the block size: readers that take the wrong one are found out. */
static void reply_statfs(fuse_req_t req) {
  if (statfs_error != 0) {
    fuse_reply_err(req, statfs_error);
    return;
  }
  struct statvfs st = {
      .f_bsize = 4096,
      .f_frsize = 1024,
      .f_blocks = 1000000,
      .f_bfree = 600000,
      .f_bavail = 500000,
      .f_files = 2000,
      .f_ffree = 1500,
      .f_namemax = 255,
  };
  fuse_reply_statfs(req, &st);
}

static void hang_lookup(fuse_req_t req, fuse_ino_t parent, const char *name) {
  int i = parent == FUSE_ROOT_ID ? find(name) : -1;
  if (i < 0) {
    fuse_reply_err(req, ENOENT);
    return;
  }
  struct fuse_entry_param entry = {.ino = INODE(i)};
  fill(entry.ino, &entry.attr);
  fuse_reply_entry(req, &entry);
}

static void hang_getattr(fuse_req_t req, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)info;
  struct stat st;
  fill(inode, &st);
  fuse_reply_attr(req, &st, 0);
}

static void hang_readdir(fuse_req_t req, fuse_ino_t inode, size_t size, off_t offset,
                         struct fuse_file_info *info) {
  (void)info;
  char *buffer = malloc(size);
  size_t used = 0;
  for (int i = (int)offset; inode == FUSE_ROOT_ID && i < file_count; i++) {
    struct stat st;
    fill(INODE(i), &st);
    size_t need = fuse_add_direntry(req, buffer + used, size - used, files[i].name, &st, i + 1);
    if (need > size - used) break;
    used += need;
  }
  fuse_reply_buf(req, buffer, used);
  free(buffer);
}

static void hang_open(fuse_req_t req, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)inode;
  /* Without this the kernel answers the second reader from its cache. */
  info->direct_io = 1;
  fuse_reply_open(req, info);
}

static void hang_read(fuse_req_t req, fuse_ino_t inode, size_t size, off_t offset,
                      struct fuse_file_info *info) {
  (void)info;
  int i = (int)(inode - INODE(0));
  if (!files[i].hold || !keep(req, i, size, offset)) reply_read(req, i, size, offset);
}

static void hang_statfs(fuse_req_t req, fuse_ino_t inode) {
  (void)inode;
  if (!hold_statfs || !keep(req, -1, 0, 0)) reply_statfs(req);
}

static const struct fuse_lowlevel_ops operations = {
    .lookup = hang_lookup,
    .getattr = hang_getattr,
    .readdir = hang_readdir,
    .open = hang_open,
    .read = hang_read,
    .statfs = hang_statfs,
};

static void release_all(void) {
  hold_statfs = false;
  for (int i = 0; i < file_count; i++) files[i].hold = false;
  for (int i = 0; i < held_count; i++) {
    if (held[i].file < 0)
      reply_statfs(held[i].req);
    else
      reply_read(held[i].req, held[i].file, held[i].size, held[i].offset);
  }
  held_count = 0;
}

static void obey(char *line) {
  char name[256];
  int file, error;
  size_t offset;
  if (strcmp(line, "free") == 0)
    release_all();
  else if (strcmp(line, "hold statfs") == 0)
    hold_statfs = true;
  else if (strncmp(line, "fail ", 5) == 0)
    statfs_error = atoi(line + 5);
  else if (strncmp(line, "hold ", 5) == 0 && (file = find(line + 5)) >= 0)
    files[file].hold = true;
  else if (sscanf(line, "break %255s %d %zu", name, &error, &offset) == 3 &&
           (file = find(name)) >= 0) {
    files[file].error = error;
    files[file].break_at = offset;
  } else {
    say("unknown command:", line);
    return;
  }
  say("ok", NULL);
}

/* Obeys what is on standard input; false at its end. */
static bool listen_to_input(void) {
  static char pending[4096];
  static size_t length;
  ssize_t n = read(STDIN_FILENO, pending + length, sizeof pending - length);
  if (n <= 0) return false;
  length += (size_t)n;
  char *end;
  while ((end = memchr(pending, '\n', length)) != NULL) {
    *end = '\0';
    obey(pending);
    length -= (size_t)(end + 1 - pending);
    memmove(pending, end + 1, length);
  }
  return length < sizeof pending;
}

static void on_signal(int number) { (void)number; }

static void serve(struct fuse_session *session) {
  struct fuse_buf buffer = {0};
  struct pollfd fds[2] = {
      {.fd = fuse_session_fd(session), .events = POLLIN},
      {.fd = STDIN_FILENO, .events = POLLIN},
  };
  while (!fuse_session_exited(session)) {
    if (poll(fds, 2, -1) < 0) break;
    if (fds[1].revents != 0 && !listen_to_input()) break;
    if (fds[0].revents == 0) continue;
    int n = fuse_session_receive_buf(session, &buffer);
    if (n == -EINTR) continue;
    if (n <= 0) break;
    fuse_session_process_buf(session, &buffer);
  }
  free(buffer.mem);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: hangfs MOUNTPOINT [NAME=CONTENT]...\n");
    return 2;
  }
  for (int i = 2; i < argc && file_count < FILES; i++) {
    char *content = strchr(argv[i], '=');
    if (content == NULL) {
      fprintf(stderr, "hangfs: %s: expected NAME=CONTENT\n", argv[i]);
      return 2;
    }
    *content = '\0';
    files[file_count++] = (struct file){.name = argv[i], .content = content + 1};
  }
  /* No SA_RESTART: the signal ends poll(2), and with it the loop. */
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_signal}, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  char *words[] = {"hangfs", "-o", "fsname=hangfs,subtype=hangfs"};
  struct fuse_args args = FUSE_ARGS_INIT(3, words);
  struct fuse_session *session = fuse_session_new(&args, &operations, sizeof operations, NULL);
  if (session == NULL || fuse_session_mount(session, argv[1]) != 0) return 1;
  say("mounted", NULL);
  serve(session);
  fuse_session_unmount(session);
  fuse_session_destroy(session);
  fuse_opt_free_args(&args);
  return 0;
}
