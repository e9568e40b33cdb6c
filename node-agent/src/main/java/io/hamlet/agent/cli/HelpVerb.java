package io.hamlet.agent.cli;

/** {@code ham help}. */
final class HelpVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("help", "[COMMAND]", "say what there is, or what a command does");
  }

  @Override
  public ExitCode run(Call call) {
    String command = call.args().positional(0, "");
    call.print(
        command.isEmpty() ? HelpText.overview() : HelpText.of(Commands.named(command).spec()));
    return ExitCode.DONE;
  }
}
