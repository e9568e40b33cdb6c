package io.hamlet.agent.cli;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.RestartPolicy;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves {@code ham supervise} to the manager: it becomes an entity itself, beside that of its
 * program, and is started again when it dies.
 */
final class SuperviseDetached {
  /** In the environment of one that runs so: the name of its entity. */
  static final String VARIABLE = "HAM_SUPERVISE_ENTITY";

  private static final RestartPolicy PATIENT =
      RestartPolicy.NONE.backOff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private SuperviseDetached() {}

  /** Returns when the program runs, or when it has turned out that it does not. */
  static ExitCode behind(Call call, String name) throws InterruptedException {
    String program = System.getProperty(DemoVerb.PROGRAM);
    if (program == null) {
      throw new Failure(ExitCode.CONFIGURATION, "this is started by deploy/bin/ham supervise");
    }
    Ham ham = call.ham();
    String entity = name + ".supervise";
    long end = System.nanoTime() + call.args().duration("timeout", Duration.ofMinutes(1)).toNanos();
    try (EventStream events = ham.watch(WatchSpec.ALL)) {
      Condition died = ham.entity(entity).condition("died", ConditionSpec.death().rearm(Rearm.ON));
      died.action("again", new Deed.Restart(List.of(), PATIENT), Rearm.ON);
      try {
        Entity wrapper = ham.attach(entity, command(call, program, entity));
        call.note("'" + entity + "' is process " + wrapper.pid());
      } catch (HamException e) {
        ham.named(entity).remove();
        throw e;
      }
      for (Watched next = poll(events, end); next != null; next = poll(events, end)) {
        if (next instanceof Event e && e.event().equals("attach") && e.path().equals(name)) {
          return told(call, ham, name);
        }
        if (next instanceof Event e && e.event().equals("detach") && e.path().equals(entity)) {
          throw new Failure(
              ExitCode.REFUSED,
              "it ended before its program ran; run it without" + " --detach to see why");
        }
      }
    }
    throw new Failure(
        ExitCode.NO, "it has not begun yet; see ham why " + entity + ", ham logs " + entity);
  }

  private static Watched poll(EventStream events, long end) throws InterruptedException {
    return events.poll(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
  }

  private static ExitCode told(Call call, Ham ham, String name) throws InterruptedException {
    Entity running;
    try {
      running = (Entity) ham.handle(name);
    } catch (HamException.Refused e) {
      call.note("'" + name + "' has ended already");
      return ExitCode.DONE;
    }
    if (call.isJson()) {
      call.printJson(Json.object("path", running.path(), "pid", running.pid()));
    } else {
      call.print(running.path() + " is process " + running.pid());
    }
    return ExitCode.DONE;
  }

  /** The same words without the one that brought us here. */
  private static Command command(Call call, String program, String entity) {
    List<String> words = new ArrayList<>(List.of(program, "supervise"));
    call.args()
        .options()
        .forEach(
            (option, values) -> {
              boolean isFlag = SuperviseOptions.isFlag(option);
              for (String value : option.equals("detach") ? List.<String>of() : values) {
                words.add(isFlag ? "--" + option : "--" + option + "=" + value);
              }
            });
    if (!call.args().has("server")) {
      words.add("--server=" + String.join(",", call.ham().addresses()));
    }
    words.add("--");
    words.addAll(call.args().tail());
    Command.Builder command =
        Command.builder(words).directory(call.caller().directory().toString());
    call.caller().environment().forEach(command::env);
    return command.env(VARIABLE, entity).build();
  }

  /** One that ends because its program does is not started again. */
  static void leave(Call call) throws InterruptedException {
    String entity = call.caller().variable(VARIABLE, "");
    if (!entity.isEmpty()) {
      try {
        call.ham().named(entity).detach();
      } catch (HamException e) {
        call.note("'" + entity + "' cannot be detached: " + e.getMessage());
      }
    }
  }

  /** Where it runs so its output is kept by the manager, as that of any entity. */
  static boolean isOne(Call call) {
    return !call.caller().variable(VARIABLE, "").isEmpty();
  }
}
