package io.hamlet.agent.cli;

import io.hamlet.client.Maintenance;
import io.hamlet.client.Receipt;
import io.hamlet.client.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code ham maintenance}. */
final class MaintenanceVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "maintenance",
            "set|clear|list",
            "leave all where it is while somebody works",
            Opt.value("scope", "cluster|node:N|ENTITY", "of what (cluster)"),
            Opt.value("owner", "O", "by whom (you)"),
            Opt.value("reason", "R", "why"),
            Opt.value("for", "D", "ends by itself after so long"))
        .details(
            """
              Nothing of the scope is placed, relocated or moved until it ends; processes are
              restarted where they run, as always. Several owners may have one at a time.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    String scope = args.text("scope", "cluster");
    String owner = args.text("owner", call.caller().variable("USER", "root"));
    Map<String, Object> document = Json.object("scope", scope, "owner", owner);
    switch (args.positional(0)) {
      case "set" -> {
        Duration span = args.duration("for", Duration.ZERO);
        String reason = args.text("reason", "");
        Receipt receipt = call.ham().cluster().maintain(scope, owner, reason, span);
        return call.changed(receipt, "maintenance of " + scope + " by " + owner, document);
      }
      case "clear" -> {
        Receipt receipt = call.ham().cluster().endMaintenance(scope, owner);
        return call.changed(receipt, "no more maintenance of " + scope + " by " + owner, document);
      }
      case "list" -> {
        list(call);
        return ExitCode.DONE;
      }
      default -> throw args.wrong("'" + args.positional(0) + "' is none of set, clear, list");
    }
  }

  private static void list(Call call) throws InterruptedException {
    Status.Cluster cluster = call.ham().status().cluster();
    List<Maintenance> all = cluster == null ? List.of() : cluster.maintenances();
    if (call.isJson()) {
      call.printJson(
          Json.object("maintenances", all.stream().map(MaintenanceVerb::document).toList()));
    } else {
      all.forEach(m -> call.print(shown(m)));
    }
  }

  static Map<String, Object> document(Maintenance m) {
    return Json.object(
        "scope", m.scope(), "owner", m.owner(), "reason", m.reason(), "until", m.until());
  }

  static String shown(Maintenance m) {
    return m.scope()
        + " by "
        + m.owner()
        + (m.reason().isEmpty() ? "" : ": " + m.reason())
        + (m.until() == null ? "" : ", until " + m.until());
  }
}
