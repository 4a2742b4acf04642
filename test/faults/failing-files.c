/*
 * A file system that fails on demand: loaded before the C library, it counts what a process does to files whose path begins
 * with FAULT_FILES, and from the FAULT_AT-th operation on makes it fail, or ends the process there.
 *
 *   FAULT_ON      `read`, or `write`: writes, truncations, syncs, removals, links, and openings that make a file
 *   FAULT_ERRNO   the error number, such as 28; 0 ends the process by SIGKILL before the operation
 *   FAULT_WHILE   the fault lasts as long as this file is there
 *   FAULT_COUNT   a file of eight bytes that holds how many operations there were, whatever becomes of the process
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static char watched[MOST_FILES];
static _Atomic long own_count;
static _Atomic long *count = &own_count;
static const char *files, *lasts;
static int on_read, error_number;
static long at;

__attribute__((constructor)) static void begin(void) {
  const char *counted = getenv("FAULT_COUNT");
  files = getenv("FAULT_FILES");
  lasts = getenv("FAULT_WHILE");
  on_read = getenv("FAULT_ON") && strcmp(getenv("FAULT_ON"), "read") == 0;
  error_number = getenv("FAULT_ERRNO") ? atoi(getenv("FAULT_ERRNO")) : 0;
  at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
  if (counted) {
    int file = open(counted, O_RDWR);
    void *shared = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) count = shared;
    close(file);
  }
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int is_ours(const char *path) { return files && path && strncmp(path, files, strlen(files)) == 0; }

static int is_watched(int file) { return file >= 0 && file < MOST_FILES && watched[file]; }

/* Counts an operation; whether it is to fail. */
static int fails(void) {
  long now = atomic_fetch_add(count, 1) + 1;
  if (at == 0 || now < at || (lasts && access(lasts, F_OK) != 0)) return 0;
  if (error_number == 0) kill(getpid(), SIGKILL);
  errno = error_number;
  return 1;
}

/* A full disk fails what needs room; a failing one, or one that is read-only, fails every change. */
static int fails_change(int needs_room) { return !on_read && (needs_room || error_number != ENOSPC) && fails(); }

static int opens_in_vain(const char *path, int flags) {
  int makes = (flags & O_CREAT) && access(path, F_OK) != 0;
  int writes = error_number == EROFS && (flags & O_ACCMODE) != O_RDONLY;
  return is_ours(path) && (makes || writes) && fails_change(1);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    if (opens_in_vain(path, flags)) return -1; \
    int file = real(path, flags, mode); \
    if (file >= 0 && file < MOST_FILES) watched[file] = is_ours(path); \
    return file; \
  }
OPEN(open)
OPEN(open64)

int close(int file) {
  REAL(close);
  if (file >= 0 && file < MOST_FILES) watched[file] = 0;
  return real(file);
}

#define FILE_OPERATION(type, name, parameters, arguments, is_to_fail) \
  type name parameters { \
    REAL(name); \
    if (is_watched(file) && is_to_fail) return -1; \
    return real arguments; \
  }
FILE_OPERATION(ssize_t, read, (int file, void *into, size_t size), (file, into, size), (on_read && fails()))
FILE_OPERATION(ssize_t, pread64, (int file, void *into, size_t size, off64_t from), (file, into, size, from), (on_read && fails()))
FILE_OPERATION(ssize_t, write, (int file, const void *from, size_t size), (file, from, size), fails_change(1))
FILE_OPERATION(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t to), (file, from, size, to), fails_change(1))
FILE_OPERATION(ssize_t, writev, (int file, const struct iovec *from, int parts), (file, from, parts), fails_change(1))
FILE_OPERATION(int, ftruncate64, (int file, off64_t size), (file, size), fails_change(0))
FILE_OPERATION(int, fsync, (int file), (file), fails_change(0))
FILE_OPERATION(int, fdatasync, (int file), (file), fails_change(0))

int unlink(const char *path) {
  REAL(unlink);
  if (is_ours(path) && access(path, F_OK) == 0 && fails_change(0)) return -1;
  return real(path);
}

int link(const char *from, const char *to) {
  REAL(link);
  if (is_ours(to) && fails_change(1)) return -1;
  return real(from, to);
}
