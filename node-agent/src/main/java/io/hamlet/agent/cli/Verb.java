package io.hamlet.agent.cli;

/** One command. Stateless. */
interface Verb {
  Spec spec();

  /** Throws HamException for what the manager says, {@link UsageException} for wrong usage. */
  ExitCode run(Call call) throws InterruptedException;
}
