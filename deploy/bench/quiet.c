/* The supervised program of the benchmarks: quiet FILE
 * It appends "CLOCK_MONOTONIC-ns pid up" to FILE first of all, and "... warned" when TERM comes,
 * which does not end it. It says nothing to anybody. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int file;

/* No stdio: it runs in a handler. */
static void stamp(const char *what) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long long nanos = now.tv_sec * 1000000000LL + now.tv_nsec;
  char line[64];
  char *at = line + sizeof line;
  int length = 0;
  while (what[length]) length++;
  *--at = '\n';
  for (int i = length; i > 0; i--) *--at = what[i - 1];
  *--at = ' ';
  long long numbers[] = {getpid(), nanos};
  for (int i = 0; i < 2; i++) {
    long long rest = numbers[i];
    do {
      *--at = (char) ('0' + rest % 10);
    } while (rest /= 10);
    if (i == 0) *--at = ' ';
  }
  if (write(file, at, (size_t) (line + sizeof line - at)) < 0) _exit(74);
}

static void warned(int number) {
  (void) number;
  stamp("warned");
}

int main(int argc, char **argv) {
  if (argc != 2) return 64;
  file = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return 74;
  stamp("up");
  struct sigaction action = {0};
  action.sa_handler = warned;
  sigaction(SIGTERM, &action, NULL);
  for (;;) pause();
}
