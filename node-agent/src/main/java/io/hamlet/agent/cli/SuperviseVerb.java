package io.hamlet.agent.cli;

import io.hamlet.agent.config.Places;
import io.hamlet.agent.os.BootId;
import io.hamlet.agent.supervise.Plan;
import io.hamlet.agent.supervise.Seat;
import io.hamlet.agent.supervise.Supervise;
import io.hamlet.client.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code ham supervise}. */
final class SuperviseVerb implements Verb {
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  @Override
  public Spec spec() {
    return SuperviseOptions.SPEC;
  }

  /** Only known by its status, which may be the program's. */
  @Override
  public ExitCode run(Call call) throws InterruptedException {
    return ExitCode.of(status(call));
  }

  @Override
  public int status(Call call) throws InterruptedException {
    Args args = call.args();
    if (args.tail().isEmpty() || args.tail().getFirst().isEmpty()) {
      throw args.wrong("supervise needs a command after --");
    }
    Path program = Program.lookUp(args.tail().getFirst(), call.caller());
    if (program == null || !Files.exists(program)) {
      call.note("there is no program '" + args.tail().getFirst() + "'");
      return NOT_FOUND;
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      call.note(program + " cannot be executed");
      return NOT_EXECUTABLE;
    }
    Plan plan = SuperviseOptions.plan(call, program);
    if (args.has("detach")) {
      manager(call);
      return SuperviseDetached.behind(call, plan.name()).status();
    }
    Path directory = Places.supervision(call.caller().environment());
    String whose = args.has("standalone") ? "" : manager(call);
    try (Seat seat = Seat.take(directory, whose + "\n" + plan.name())) {
      Supervise supervise = new Supervise(plan, seat, call.caller().err());
      if (args.has("standalone")) {
        return supervise.alone();
      }
      boolean isDetached = SuperviseDetached.isOne(call);
      int status = supervise.under(call.ham(), isDetached ? null : call.caller().out());
      if (isDetached && status != ExitCode.UNREACHABLE.status()) {
        SuperviseDetached.leave(call);
      }
      return status;
    } catch (Supervise.Refusal e) {
      SuperviseDetached.leave(call);
      throw new Failure(ExitCode.REFUSED, "'" + plan.name() + "': " + e.getMessage());
    } catch (Seat.Taken e) {
      throw new Failure(ExitCode.REFUSED, "'" + plan.name() + "': " + e.getMessage());
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT_WRITE, e.getMessage());
    }
  }

  /** What tells it from the managers of other nodes on this host. Throws {@link Failure}. */
  private static String manager(Call call) throws InterruptedException {
    Status status = call.ham().status();
    try {
      if (!BootId.current().equals(status.boot())) {
        throw new Failure(
            ExitCode.REFUSED,
            "the manager that answers, of node '"
                + status.node()
                + "', is on another host; supervise runs programs on this one");
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.REFUSED, "this host does not tell its boot: " + e.getMessage());
    }
    return call.ham().addresses().getFirst() + " " + status.node();
  }
}
