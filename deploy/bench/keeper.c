/* Lets nothing outlive a benchmark: keeper PROGRAM ARGUMENT...
 * Runs PROGRAM, and becomes the parent of all that its processes leave behind. On TERM, or when the
 * benchmark itself is gone, PROGRAM gets TERM and 3 s; when it has ended, all below is killed. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN "/proc/thread-self/children"

static pid_t program;
static int over, status;

/* Buries who is dead, with options 0 at least one; 0 if no child is left. */
static int bury(int options) {
  int how;
  pid_t pid;
  while ((pid = waitpid(-1, &how, options)) > 0) {
    if (pid == program) {
      over = 1;
      status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    }
    options = WNOHANG;
  }
  return pid == 0;
}

/* The children of a dead child become ours, so this reaches everything; and as nobody else buries
 * our children, no pid can be another's by now. */
static void end_all(void) {
  do {
    FILE *children = fopen(CHILDREN, "r");
    int pid;
    while (children && fscanf(children, "%d", &pid) == 1) kill(pid, SIGKILL);
    if (children) fclose(children);
  } while (bury(0));
}

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  if (access(CHILDREN, R_OK) != 0) {
    fputs("keeper: needs a kernel with CONFIG_PROC_CHILDREN\n", stderr);
    return 69;
  }
  sigset_t ours, before;
  sigemptyset(&ours);
  sigaddset(&ours, SIGCHLD);
  sigaddset(&ours, SIGTERM);
  sigaddset(&ours, SIGALRM);
  sigprocmask(SIG_BLOCK, &ours, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  program = fork();
  if (program < 0) return 71;
  if (program == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  while (!over && sigwaitinfo(&ours, NULL) != SIGTERM) bury(WNOHANG);
  if (!over) {
    kill(program, SIGTERM);
    alarm(3);
    while (!over && sigwaitinfo(&ours, NULL) != SIGALRM) bury(WNOHANG);
  }
  end_all();
  return status;
}
