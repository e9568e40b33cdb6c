package io.hamlet.agent.cli;

import io.hamlet.client.Forecast;
import java.util.List;
import java.util.Map;

/** {@code ham simulate}. */
final class SimulateVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "simulate",
            "",
            "what the loss of nodes would lead to; changes nothing",
            Opt.value("lose", "NODE,...", "these, at once"))
        .details(
            """
              Asks the rules by which the cluster decides, on a copy of its present state. Where
              fencing is asked for it says what would wait until a node is turned off. Exit 2:
              something would run nowhere.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    if (!call.args().has("lose")) {
      throw call.args().wrong("simulate needs --lose NODE,...");
    }
    List<String> lost = List.of(call.args().text("lose").split(",", -1));
    Forecast forecast = call.ham().cluster().simulate(lost);
    if (call.isJson()) {
      call.printJson(
          Json.object(
              "lost", lost,
              "quorate", forecast.quorate(),
              "entities", forecast.fates().stream().map(SimulateVerb::document).toList()));
    } else {
      if (!forecast.quorate()) {
        call.print("no majority of the voters would be left");
      }
      forecast.fates().forEach(f -> call.print(shown(f)));
    }
    boolean all = forecast.fates().stream().noneMatch(f -> f.to().isEmpty());
    return all ? ExitCode.DONE : ExitCode.NO;
  }

  private static Map<String, Object> document(Forecast.Fate fate) {
    return Json.object(
        "entity", fate.entity(), "from", fate.from(), "to", fate.to(), "why", fate.why());
  }

  private static String shown(Forecast.Fate fate) {
    String way =
        fate.from().equals(fate.to())
            ? "stays on " + fate.to()
            : (fate.from().isEmpty() ? "nowhere" : fate.from())
                + " -> "
                + (fate.to().isEmpty() ? "nowhere" : fate.to());
    return "%-16s %s%s"
        .formatted(fate.entity(), way, fate.why().isEmpty() ? "" : " (" + fate.why() + ")");
  }
}
