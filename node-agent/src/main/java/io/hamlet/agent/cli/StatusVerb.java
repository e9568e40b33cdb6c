package io.hamlet.agent.cli;

import io.hamlet.client.Status;
import java.util.Map;

/** {@code ham status}. */
final class StatusVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
        "status", "", "how the node is", Opt.flag("digest", "with the digest of its state"));
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    boolean digest = call.args().has("digest");
    Status status = digest ? call.ham().statusWithDigest() : call.ham().status();
    if (call.isJson()) {
      call.printJson(document(status));
    } else {
      print(call, status);
    }
    return ExitCode.DONE;
  }

  private static Map<String, Object> document(Status status) {
    Map<String, Object> document =
        Json.object(
            "node", status.node(),
            "version", status.version(),
            "role", status.role(),
            "boot", status.boot(),
            "ham", manager(status.ham()),
            "guardian", manager(status.guardian()),
            "epoch", status.epoch(),
            "entities", status.entities(),
            "conditions", status.conditions(),
            "actions", status.actions(),
            "cluster", cluster(status.cluster()),
            "index", status.index(),
            "durable_index", status.durableIndex(),
            "beats_suspended", status.beatsSuspended(),
            "verbosity", status.verbosity(),
            "addresses", status.addresses(),
            "notices", status.notices());
    if (!status.digest().isEmpty()) {
      document.put("digest", status.digest());
    }
    return document;
  }

  private static Map<String, Object> manager(Status.Manager manager) {
    if (manager == null) {
      return null;
    }
    Map<String, Object> document =
        Json.object("pid", manager.pid(), "since", manager.since(), "failures", manager.failures());
    if (!manager.state().isEmpty()) {
      document.put("state", manager.state());
    }
    return document;
  }

  private static Map<String, Object> cluster(Status.Cluster cluster) {
    if (cluster == null) {
      return null;
    }
    Map<String, Object> document =
        Json.object(
            "name", cluster.name(),
            "id", cluster.id(),
            "quorate", cluster.quorate(),
            "leader", cluster.leader(),
            "members", cluster.members().stream().map(StatusVerb::member).toList(),
            "maintenances", cluster.maintenances().stream().map(MaintenanceVerb::document).toList(),
            "index", cluster.index());
    if (!cluster.digest().isEmpty()) {
      document.put("digest", cluster.digest());
    }
    return document;
  }

  private static Map<String, Object> member(Status.Member member) {
    return Json.object(
        "node", member.node(),
        "state", member.state(),
        "voter", member.voter(),
        "ham_pid", member.hamPid(),
        "guardian_pid", member.guardianPid(),
        "address", member.address(),
        "standby", member.standby(),
        "draining", member.draining(),
        "fenced", member.fenced(),
        "held", member.held());
  }

  private static void print(Call call, Status status) {
    call.print("node      " + status.node() + ", version " + status.version());
    call.print("ham       " + shown(status.ham()));
    call.print("guardian  " + shown(status.guardian()));
    call.print(
        "tree      %d entities, %d conditions, %d actions"
            .formatted(status.entities(), status.conditions(), status.actions()));
    call.print(
        "log       epoch %d, index %d, on disk %d"
            .formatted(status.epoch(), status.index(), status.durableIndex()));
    if (status.beatsSuspended()) {
      call.print("beats     suspended (ham heartbeat active)");
    }
    if (!status.digest().isEmpty()) {
      call.print("digest    " + status.digest());
    }
    if (status.cluster() != null) {
      print(call, status.cluster());
    }
    status.notices().forEach(n -> call.print("notice    " + n));
  }

  private static void print(Call call, Status.Cluster cluster) {
    call.print(
        "cluster   %s, %s, %s, index %d"
            .formatted(
                cluster.name(),
                cluster.quorate() ? "quorate" : "no majority",
                cluster.leader().isEmpty() ? "no leader" : "led by " + cluster.leader(),
                cluster.index()));
    if (!cluster.digest().isEmpty()) {
      call.print("  digest  " + cluster.digest());
    }
    for (Status.Member member : cluster.members()) {
      call.print(
          "  %-16s %-8s %-6s ham %s, guardian %s, %s%s"
              .formatted(
                  member.node(),
                  member.state(),
                  member.voter() ? "voter" : "",
                  pid(member.hamPid()),
                  pid(member.guardianPid()),
                  member.address().isEmpty() ? "no address" : member.address(),
                  duty(member)));
    }
    cluster.maintenances().forEach(m -> call.print("  maintenance of " + MaintenanceVerb.shown(m)));
  }

  private static String duty(Status.Member member) {
    return (member.held() == 0 ? "" : ", runs " + member.held() + " of the cluster")
        + (member.standby() ? ", on standby" : "")
        + (member.draining() ? ", being drained" : "")
        + (member.fenced() ? ", fenced until it starts anew" : "");
  }

  private static String pid(long pid) {
    return pid == 0 ? "none" : String.valueOf(pid);
  }

  private static String shown(Status.Manager manager) {
    if (manager == null) {
      return "none";
    }
    String state = manager.state().isEmpty() ? "" : ", " + manager.state();
    return "pid %d, since %s, %d failures%s"
        .formatted(manager.pid(), manager.since(), manager.failures(), state);
  }
}
