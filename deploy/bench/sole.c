/* What only one node may run, in the benchmarks: sole FILE LOCK
 * Its first statement reads the clock. It takes LOCK, which its death alone gives back, and appends
 * "CLOCK_MONOTONIC-ns pid NODE TOKEN one" to FILE; with "two" at the end if somebody else has the
 * lock, for that is a second owner. Then it sleeps for ever. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const char *node = getenv("HAM_NODE"), *token = getenv("HAM_TOKEN");
  if (argc != 3 || !node || !token) return 64;
  int lock = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  int file = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0 || file < 0) return 74;
  const char *which = flock(lock, LOCK_EX | LOCK_NB) == 0 ? "one" : "two";
  char line[256];
  int size = snprintf(line, sizeof line, "%lld %d %s %s %s\n",
                      now.tv_sec * 1000000000LL + now.tv_nsec, (int) getpid(), node, token, which);
  if (size >= (int) sizeof line || write(file, line, size) != size) return 74;
  for (;;) pause();
}
