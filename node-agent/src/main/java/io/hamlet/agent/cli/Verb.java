package io.hamlet.agent.cli;

/** One command. Stateless. */
interface Verb {
  Spec spec();

  /** Throws HamException for what the manager says, {@link UsageException} for wrong usage. */
  ExitCode run(Call call) throws InterruptedException;

  /** The status to exit with; that of another program where one was run. Throws as above. */
  default int status(Call call) throws InterruptedException {
    return run(call).status();
  }
}
