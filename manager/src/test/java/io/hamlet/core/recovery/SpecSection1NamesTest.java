package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.ANY;
import static io.hamlet.core.model.ConditionType.ATTACH;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.EXISTS;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.model.Rejection.Reason.NAME_TOO_LONG;
import static io.hamlet.core.model.Rejection.Reason.NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hamlet.core.model.CommandLine;
import io.hamlet.core.model.Entity.Shape;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Target;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** ham.md 1.2 to 1.4: names, shapes, the global entity. */
class SpecSection1NamesTest extends SpecBed {
  @Rule(value = "ham 1.2/1", says = "An entity name is unique in its tree")
  void entityNamesAreUnique() {
    bed.attach("web");
    bed.refuses(EXISTS, new Command.CreateEntity(new Name("web"), Flags.OfEntity.NONE));
    bed.refuses(EXISTS, Bed.attachment("web", 0));
  }

  @Rule(value = "ham 1.2/2", says = "A condition name is unique within its entity only")
  void conditionNamesAreUniquePerEntity() {
    bed.attach("web");
    bed.attach("db");
    bed.when("web/died", DEATH);
    bed.when("db/died", DEATH);
    bed.refuses(EXISTS, Bed.condition("web/died", DEATH, Filter.NONE, 0));
  }

  @Rule(value = "ham 1.2/3", says = "An action name is unique within its condition only")
  void actionNamesAreUniquePerCondition() {
    bed.attach("web");
    bed.when("web/a", DEATH);
    bed.when("web/b", DEATH);
    bed.note("web/a/note");
    bed.note("web/b/note");
    bed.refuses(EXISTS, Bed.action("web/a/note", Words.log("again"), 0));
  }

  @Rule(value = "ham 1.2/4", says = "An empty name is refused")
  void emptyNames() {
    refused(INVALID, () -> new Name(""));
    refused(INVALID, () -> new Name(null));
    refused(INVALID, () -> ObjectPath.parse("web/"));
  }

  @Rule(value = "ham 1.2/5", says = "A name with a slash or a control character is refused")
  void slashesInNames() {
    refused(INVALID, () -> new Name("a/b"));
    refused(INVALID, () -> new Name("a\nb"));
    refused(INVALID, () -> new Name("a\0b"));
    refused(INVALID, () -> ObjectPath.parse("a/b/c/d"));
  }

  @Rule(value = "ham 1.2/6", says = "A name of 255 bytes is accepted and one of 256 too long")
  void longNames() {
    bed.placeholder("n".repeat(255));
    assertThat(bed.entity("n".repeat(255))).isNotNull();
    refused(NAME_TOO_LONG, () -> new Name("n".repeat(256)));
    refused(NAME_TOO_LONG, () -> new Name("\u00e4".repeat(128)));
  }

  @Rule(value = "ham 1.2/7", says = "A joined path of more than 255 bytes is too long")
  void longPaths() {
    String entity = "e".repeat(100);
    String condition = "c".repeat(100);
    bed.placeholder(entity);
    bed.when(entity + "/" + condition, DEATH);
    bed.must(
        new Command.AddAction(
            Target.of(entity + "/" + condition),
            new Name("a".repeat(53)),
            Words.log("fits"),
            new Flags.OfAction(0),
            Flags.Rearm.DEFAULT));
    bed.refuses(
        NAME_TOO_LONG,
        new Command.AddAction(
            Target.of(entity + "/" + condition),
            new Name("a".repeat(54)),
            Words.log("too long"),
            new Flags.OfAction(0),
            Flags.Rearm.DEFAULT));
    bed.refuses(
        NAME_TOO_LONG,
        new Command.AddCondition(
            Target.of(entity),
            new Name("c".repeat(155)),
            DEATH,
            Filter.NONE,
            new Flags.OfCondition(0),
            Flags.Rearm.DEFAULT));
  }

  @Rule(value = "ham 1.2/8", says = "The names .info, . and .. are taken at every level")
  void reservedNames() {
    refused(INVALID, () -> new Name(".info"));
    refused(INVALID, () -> new Name("."));
    refused(INVALID, () -> new Name(".."));
    refused(INVALID, () -> ObjectPath.parse("web/.info"));
    refused(INVALID, () -> ObjectPath.parse("web/died/.info"));
  }

  @Rule(value = "ham 1.2/9", says = "Command lines and log messages are bounded")
  void boundedTexts() {
    List<String> longArgv = List.of("/bin/x", "a".repeat(CommandLine.MAX_BYTES));
    refused(NAME_TOO_LONG, () -> ProcessSpec.of(longArgv));
    refused(NAME_TOO_LONG, () -> Words.log("m".repeat(4097)));
  }

  @Rule(value = "ham 1.3/1", says = "An attach with a command starts it; the entity is ATTACHED")
  void attachStarts() {
    bed.attach("web");
    assertThat(bed.ran()).containsExactly("/bin/web");
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.ATTACHED);
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.effects(Effect.Watch.class))
        .singleElement()
        .satisfies(w -> assertThat(w.process()).isEqualTo(bed.process("web")));
  }

  @Rule(value = "ham 1.3/2", says = "An attach of a running process adopts and watches it")
  void attachAdopts() {
    ProcessId process = bed.adopt("web");
    assertThat(bed.ran()).isEmpty();
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.ATTACHED);
    assertThat(bed.process("web")).isEqualTo(process);
    assertThat(bed.effects(Effect.Watch.class))
        .singleElement()
        .satisfies(w -> assertThat(w.process()).isEqualTo(process));
  }

  @Rule(value = "ham 1.3/3", says = "A process that attaches itself is the ATTACHEDSELF entity")
  void attachSelf() {
    ProcessId process = bed.attachSelf("svc");
    assertThat(bed.entity("svc").shape()).isEqualTo(Shape.ATTACHEDSELF);
    assertThat(bed.process("svc")).isEqualTo(process);
    assertThat(bed.effects(Effect.Watch.class)).hasSize(1);
    assertThat(bed.effects(Effect.WatchBeats.class)).isEmpty();
  }

  @Rule(value = "ham 1.3/10", says = "A process is one entity: it cannot attach itself twice")
  void attachSelfTwice() {
    ProcessId process = bed.attachSelf("svc");
    bed.refuses(
        EXISTS, new Command.AttachSelf(new Name("other"), process, null, Flags.OfEntity.NONE));
    ProcessId adopted = bed.adopt("web");
    bed.refuses(
        EXISTS, new Command.AttachSelf(new Name("other"), adopted, null, Flags.OfEntity.NONE));
    assertThat(bed.entity("other")).isNull();
    assertThat(bed.attachSelf("third")).isNotEqualTo(process);
  }

  @Rule(value = "ham 1.3/4", says = "A placeholder is UNATTACHED, has no pid and is not watched")
  void placeholder() {
    bed.placeholder("db");
    assertThat(bed.entity("db").shape()).isEqualTo(Shape.UNATTACHED);
    assertThat(bed.pid("db")).isZero();
    assertThat(bed.effects(Effect.Watch.class)).isEmpty();
    assertThat(bed.events()).doesNotContain("attach db");
  }

  @Rule(value = "ham 1.3/5", says = "An attach fills the placeholder of its name, which keeps all")
  void attachFillsPlaceholder() {
    long uid = bed.placeholder("db");
    bed.when("db/up", ATTACH);
    bed.note("db/up/hello");
    assertThat(bed.attach("db")).isEqualTo(uid);
    assertThat(bed.entity("db").shape()).isEqualTo(Shape.ATTACHED);
    assertThat(bed.lines()).containsExactly("hello");
  }

  @Rule(value = "ham 1.3/6", says = "A process that attaches itself fills a placeholder as well")
  void attachSelfFillsPlaceholder() {
    long uid = bed.placeholder("db");
    bed.when("db/up", ATTACH);
    bed.note("db/up/hello");
    bed.attachSelf("db");
    assertThat(bed.entity("db").uid()).isEqualTo(uid);
    assertThat(bed.entity("db").shape()).isEqualTo(Shape.ATTACHEDSELF);
    assertThat(bed.lines()).containsExactly("hello");
  }

  @Rule(value = "ham 1.3/7", says = "The global entity exists always and is never made or removed")
  void globalIsFixed() {
    assertThat(bed.entity(".global").shape()).isEqualTo(Shape.GLOBAL);
    assertThat(bed.state.entities()).isEmpty();
    assertRefused(new Command.CreateEntity(Name.GLOBAL, Flags.OfEntity.NONE));
    assertRefused(Bed.attachment(".global", 0));
    assertRefused(new Command.AttachSelf(Name.GLOBAL, bed.newProcess(), null, Flags.OfEntity.NONE));
    assertRefused(new Command.Detach(Target.of(".global"), false));
    assertRefused(new Command.Remove(Target.of(".global")));
  }

  @Rule(value = "ham 1.3/8", says = "What is put under a placeholder acts once a process is there")
  void subscribersMayComeFirst() {
    bed.placeholder("db");
    bed.when("db/died", DEATH);
    bed.note("db/died/note");
    bed.attach("db");
    bed.dies("db");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.3/9", says = "Conditions and actions come and go under the global entity")
  void globalHoldsConditions() {
    bed.when(".global/any", DEATH);
    bed.note(".global/any/note");
    assertThat(bed.action(".global/any/note")).isNotNull();
    bed.remove(".global/any");
    assertThat(bed.entity(".global").conditions()).isEmpty();
  }

  @Rule(value = "ham 1.4/1", says = "A condition of the global entity fires for every entity")
  void globalConditionFires() {
    bed.when(".global/died", DEATH);
    bed.note(".global/died/note");
    bed.attach("web");
    bed.attach("db");
    bed.dies("web");
    bed.dies("db");
    assertThat(bed.lines()).containsExactly("note", "note");
  }

  @Rule(value = "ham 1.4/2", says = "A condition of type ANY matches each event of its entity")
  void anyMatchesEach() {
    bed.attach("web", Words.KEEP_ON_DEATH);
    bed.attach("db");
    bed.when("web/any", ANY);
    bed.note("web/any/note");
    bed.raise("web");
    bed.report("web", 4);
    bed.raise("db");
    bed.dies("web");
    bed.attach("web");
    assertThat(bed.lines()).hasSize(4);
  }

  @Rule(value = "ham 1.4/3", says = "ANY under the global entity is any event of any entity")
  void anyOfAny() {
    bed.when(".global/any", ANY);
    bed.note(".global/any/note");
    bed.attach("web");
    bed.attach("db");
    bed.raise("web");
    bed.dies("db");
    assertThat(bed.lines()).hasSize(4);
  }

  @Rule(value = "ham 1.4/4", says = "The entity's own conditions are queued before global ones")
  void ownBeforeGlobal() {
    bed.whenRaised(".global/raised", 0);
    bed.note(".global/raised/second");
    bed.attach("web");
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/first");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("first", "second");
  }

  @Rule(value = "ham 1.4/5", says = "A restart action under the global entity is refused")
  void noGlobalRestart() {
    bed.when(".global/died", DEATH);
    bed.refuses(INVALID, Bed.action(".global/died/again", Words.restart(), 0));
    bed.refuses(NOT_FOUND, Bed.action(".global/other/again", Words.restart(), 0));
  }

  private void assertRefused(Command command) {
    bed.refuses(INVALID, command);
  }

  static void refused(Rejection.Reason reason, ThrowingCallable what) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(what)
        .satisfies(r -> assertThat(r.rejection().reason()).isEqualTo(reason));
  }
}
