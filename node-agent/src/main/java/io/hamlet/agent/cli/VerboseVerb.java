package io.hamlet.agent.cli;

import io.hamlet.client.Answer;

/** {@code ham verbose}. */
final class VerboseVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("verbose", "[N|+N|-N]", "show or change how much the activity log tells");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String wanted = call.args().positional(0, "");
    if (wanted.isEmpty()) {
      int level = call.ham().verbosity();
      if (call.isJson()) {
        call.printJson(Json.object("level", level));
      } else {
        call.print(String.valueOf(level));
      }
      return ExitCode.DONE;
    }
    int number = call.args().numberAt(0, "N");
    boolean relative = wanted.startsWith("+") || wanted.startsWith("-");
    Answer<Integer> answer =
        relative ? call.ham().changeVerbosity(number) : call.ham().setVerbosity(number);
    return call.changed(
        answer.receipt(), String.valueOf(answer.value()), Json.object("level", answer.value()));
  }
}
