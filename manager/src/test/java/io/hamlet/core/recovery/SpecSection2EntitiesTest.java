package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.CANNOT_START;
import static io.hamlet.core.model.Rejection.Reason.EXISTS;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.recovery.SpecSection1NamesTest.refused;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.program;
import static io.hamlet.core.recovery.Words.restart;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.CommandLine;
import io.hamlet.core.model.Entity.Shape;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import java.util.List;

/** ham.md 2.2, 2.6 and 2.9: entities, command lines, the manager. */
class SpecSection2EntitiesTest extends SpecBed {
  private static final Flags.OfEntity NONE = Flags.OfEntity.NONE;

  @Rule(value = "ham 2.2/1", says = "A heartbeat period out of its bounds is refused")
  void period() {
    refused(INVALID, () -> new Heartbeat(999_999, 1, 2, Health.OK, 0, 1));
    refused(INVALID, () -> new Heartbeat(-1, 1, 2, Health.OK, 0, 1));
    refused(INVALID, () -> new Heartbeat(Long.MAX_VALUE, 1, 2, Health.OK, 0, 1));
  }

  @Rule(value = "ham 2.2/2", says = "Heartbeat marks out of order are refused")
  void marks() {
    refused(INVALID, () -> beats(3, 2));
    refused(INVALID, () -> beats(-1, 2));
    assertThat(beats(3, 0).highMark()).as("0 turns the high mark off").isZero();
    assertThat(beats(2, 2).lowMark()).isEqualTo(2);
  }

  @Rule(value = "ham 2.2/3", says = "An attach with neither process nor command is refused")
  void attachNeedsSomething() {
    bed.refuses(INVALID, new Command.Attach(new Name("web"), null, null, NONE));
  }

  @Rule(value = "ham 2.2/4", says = "A name in use cannot be attached by another process")
  void attachInUse() {
    bed.attach("web");
    bed.attachSelf("svc");
    bed.refuses(EXISTS, new Command.Attach(new Name("svc"), bed.newProcess(), null, NONE));
    bed.refuses(EXISTS, new Command.AttachSelf(new Name("svc"), bed.newProcess(), null, NONE));
    bed.refuses(EXISTS, new Command.AttachSelf(new Name("web"), bed.newProcess(), null, NONE));
  }

  @Rule(value = "ham 2.2/5", says = "A placeholder of a name in use is refused")
  void placeholderInUse() {
    bed.placeholder("db");
    bed.refuses(EXISTS, new Command.CreateEntity(new Name("db"), NONE));
  }

  @Rule(value = "ham 2.2/6", says = "detach_self is for self-attached entities, detach for others")
  void whichDetach() {
    bed.attach("web");
    bed.attachSelf("svc");
    bed.refuses(INVALID, new Command.Detach(Target.of("web"), true));
    bed.refuses(INVALID, new Command.Detach(Target.of("svc"), false));
    bed.must(new Command.Detach(Target.of("web"), false));
    bed.must(new Command.Detach(Target.of("svc"), true));
    assertThat(bed.state.entities()).isEmpty();
  }

  @Rule(value = "ham 2.2/7", says = "A first start that fails is refused, and leaves no entity")
  void attachThatCannotStart() {
    bed.broken.add("/bin/web");
    Reply reply = bed.ask(Bed.attachment("web", 0));
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.No.class, no -> assertThat(no.rejection().reason()).isEqualTo(CANNOT_START));
    assertThat(bed.entity("web")).isNull();
    assertThat(bed.events()).doesNotContain("death web", "attach web");
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 2.2/8", says = "A first start that fails leaves a placeholder as it was")
  void placeholderThatCannotStart() {
    long uid = bed.placeholder("web");
    bed.when("web/died", DEATH);
    bed.broken.add("/bin/web");
    assertThat(bed.ask(Bed.attachment("web", 0))).isInstanceOf(Reply.No.class);
    assertThat(bed.entity("web").uid()).isEqualTo(uid);
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.UNATTACHED);
    assertThat(bed.condition("web/died")).isNotNull();
  }

  @Rule(value = "ham 2.2/9", says = "An attach is answered when the process runs, with its pid")
  void attachAnswersLate() {
    bed.holdStarts = true;
    RequestId id = bed.nextRequest();
    assertThat(bed.ask(id, Bed.attachment("web", 0))).isNull();
    assertThat(bed.pid("web")).isZero();
    bed.release();
    assertThat(bed.answerTo(id))
        .isEqualTo(new Reply.Handle(bed.entity("web").uid(), bed.pid("web")));
  }

  @Rule(value = "ham 2.2/10", says = "A name whose first start is under way is in use")
  void startingIsInUse() {
    bed.holdStarts = true;
    bed.ask(Bed.attachment("web", 0));
    bed.refuses(EXISTS, Bed.attachment("web", 0));
    bed.refuses(EXISTS, new Command.AttachSelf(new Name("web"), bed.newProcess(), null, NONE));
    bed.release();
    assertThat(bed.ran()).hasSize(1);
  }

  @Rule(value = "ham 2.2/11", says = "An adopted process may bring the command of its restarts")
  void adoptWithCommand() {
    ProcessId process = bed.newProcess();
    bed.must(new Command.Attach(new Name("web"), process, program("/bin/web"), NONE));
    assertThat(bed.ran()).isEmpty();
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.dies("web");
    assertThat(bed.ran()).containsExactly("/bin/web");
  }

  @Rule(value = "ham 2.2/13", says = "A process that is an entity cannot be adopted as another")
  void adoptTwice() {
    bed.attach("started");
    bed.adopt("adopted");
    bed.attachSelf("self");
    for (String name : List.of("started", "adopted", "self")) {
      Command second = new Command.Attach(new Name("second"), bed.process(name), null, NONE);
      bed.refuses(EXISTS, second);
      assertThat(((Reply.No) bed.ask(second)).rejection().message()).contains("'" + name + "'");
    }
    ProcessId process = bed.process("adopted");
    bed.must(new Command.Detach(Target.of("adopted"), false));
    bed.must(new Command.Attach(new Name("second"), process, null, NONE));
    assertThat(bed.process("second")).isEqualTo(process);
  }

  @Rule(
      value = "ham 2.2/12",
      says = "heartbeat_control answers the state before; query changes none")
  void heartbeatControl() {
    long active = bed.must(new Command.HeartbeatControl(Command.HeartbeatVerb.QUERY));
    assertThat(suspend(Command.HeartbeatVerb.SUSPEND)).isEqualTo(active);
    long suspended = suspend(Command.HeartbeatVerb.QUERY);
    assertThat(suspended).isNotEqualTo(active);
    assertThat(suspend(Command.HeartbeatVerb.SUSPEND)).isEqualTo(suspended);
    assertThat(suspend(Command.HeartbeatVerb.ACTIVE)).isEqualTo(suspended);
    assertThat(suspend(Command.HeartbeatVerb.QUERY)).isEqualTo(active);
  }

  @Rule(value = "ham 2.6/1", says = "A command line is split at blanks")
  void blanks() {
    assertThat(CommandLine.split("  /bin/x  -a\tb ")).containsExactly("/bin/x", "-a", "b");
  }

  @Rule(value = "ham 2.6/2", says = "Quotes group and are dropped; an open one is refused")
  void quotes() {
    assertThat(CommandLine.split("/bin/x 'a b' \"c 'd'\" e''f ''"))
        .containsExactly("/bin/x", "a b", "c 'd'", "ef", "");
    refused(INVALID, () -> CommandLine.split("/bin/x 'a"));
  }

  @Rule(value = "ham 2.6/3", says = "No shell: redirections, variables and & are words like others")
  void noShell() {
    assertThat(CommandLine.split("/bin/x 1>file $HOME & ;"))
        .containsExactly("/bin/x", "1>file", "$HOME", "&", ";");
  }

  @Rule(value = "ham 2.6/4", says = "The first word is the absolute path of the program")
  void absolute() {
    refused(INVALID, () -> ProcessSpec.of(List.of("x")));
    refused(INVALID, () -> ProcessSpec.of(List.of()));
    refused(INVALID, () -> Words.execute("x"));
    refused(INVALID, () -> ProcessSpec.of(List.of("/bin/x", "a\0b")));
  }

  @Rule(value = "ham 2.9/1", says = "Verbosity is set, raised, lowered and told")
  void verbosity() {
    assertThat(verbose(Command.VerboseVerb.SET, 3)).isEqualTo(3);
    assertThat(verbose(Command.VerboseVerb.INCREASE, 2)).isEqualTo(5);
    assertThat(verbose(Command.VerboseVerb.DECREASE, 1)).isEqualTo(4);
    assertThat(verbose(Command.VerboseVerb.GET, 0)).isEqualTo(4);
    assertThat(bed.state.verbosity()).isEqualTo(4);
  }

  @Rule(value = "ham 2.9/2", says = "A step of 0 counts as 1")
  void defaultStep() {
    verbose(Command.VerboseVerb.SET, 3);
    assertThat(verbose(Command.VerboseVerb.INCREASE, 0)).isEqualTo(4);
    assertThat(verbose(Command.VerboseVerb.DECREASE, 0)).isEqualTo(3);
  }

  private long suspend(Command.HeartbeatVerb verb) {
    return bed.must(new Command.HeartbeatControl(verb));
  }

  private long verbose(Command.VerboseVerb verb, int value) {
    return bed.must(new Command.Verbose(verb, value));
  }
}
