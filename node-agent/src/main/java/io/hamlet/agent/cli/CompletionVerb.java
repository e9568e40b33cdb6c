package io.hamlet.agent.cli;

/** {@code ham completion}. */
final class CompletionVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("completion", "bash|zsh|fish", "print a completion script for a shell")
        .details("  bash: source <(ham completion bash)\n");
  }

  @Override
  public ExitCode run(Call call) {
    String shell = call.args().positional(0);
    call.caller()
        .out()
        .print(
            switch (shell) {
              case "bash" -> Completion.bash();
              case "zsh" -> Completion.zsh();
              case "fish" -> Completion.fish();
              default -> throw call.args().wrong("'" + shell + "' is none of bash|zsh|fish");
            });
    return ExitCode.DONE;
  }
}
