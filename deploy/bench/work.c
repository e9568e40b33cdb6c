/* The entity of the benchmarks: work FILE ID [PROGRAM ARGUMENT...]
 * Its first statement reads the clock; then it appends "CLOCK_MONOTONIC-ns pid ID" to FILE, and
 * becomes PROGRAM, or sleeps for ever. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (argc < 3) return 64;
  char line[128];
  int size = snprintf(line, sizeof line, "%lld %d %s\n",
                      now.tv_sec * 1000000000LL + now.tv_nsec, (int) getpid(), argv[2]);
  int fd = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || size >= (int) sizeof line || write(fd, line, size) != size) return 74;
  close(fd);
  if (argc > 3) {
    execv(argv[3], argv + 3);
    return 127;
  }
  for (;;) pause();
}
