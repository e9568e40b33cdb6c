/* The least that any supervisor does: floor WORK FILE N
 * Starts N processes "WORK FILE number" by vfork and exec, waits, and starts again what has died.
 * It keeps nothing, logs nothing, and spares nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **argv, int number) {
  char id[16];
  snprintf(id, sizeof id, "%d", number);
  pid_t pid = vfork();
  if (pid == 0) {
    execl(argv[1], argv[1], argv[2], id, (char *) 0);
    _exit(127);
  }
  return pid;
}

int main(int argc, char **argv) {
  int count = argc == 4 ? atoi(argv[3]) : 0;
  pid_t *pids = calloc(count > 0 ? count : 1, sizeof *pids);
  if (count < 1 || !pids) return 64;
  for (int i = 0; i < count; i++) pids[i] = start(argv, i);
  for (;;) {
    pid_t dead = waitpid(-1, NULL, 0);
    if (dead < 0) return 71;
    int i = 0;
    while (i < count && pids[i] != dead) i++;
    if (i < count) pids[i] = start(argv, i);
  }
}
