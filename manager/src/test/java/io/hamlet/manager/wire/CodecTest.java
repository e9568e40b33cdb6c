package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Client;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.OpenEffect;
import io.hamlet.core.recovery.Reply;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.StateProto;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Single cases of the codec, and whether the generators leave anything out. */
class CodecTest {
  private static final HamState EMPTY = HamState.empty("n1", Limits.DEFAULT);

  @Test
  void theGeneratorsMakeEveryVariantThereIs() throws Exception {
    Set<Class<?>> seen = new HashSet<>();
    for (long seed = 0; seed < 4000; seed++) {
      RandomTree random = new RandomTree(seed);
      collect(random.event(), seen);
      collect(random.state(), seen);
    }
    for (Class<?> family :
        List.of(
            HamEvent.class,
            Command.class,
            Deed.class,
            Filter.class,
            Life.class,
            OpenEffect.Purpose.class,
            OpenEffect.Work.class,
            Client.Answered.class,
            Reply.class)) {
      assertThat(seen).containsAll(variants(family).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("commandsOfTheCluster")
  void aCommandOfTheClusterIsInNoLog(Command command) {
    Entry entry =
        new Entry(
            EntryId.NONE, Moment.ZERO, new HamEvent.Requested(new RequestId(1, 1, 1), command));

    assertThatThrownBy(() -> EntryCodec.encode(entry)).hasMessageContaining("is in no log");
  }

  static List<Command> commandsOfTheCluster() {
    return List.of(new Command.Forget("n1"), new Command.Drain("n1"));
  }

  /** Records; a family may have families in it. What only the cluster can do is in no tree. */
  private static Stream<Class<?>> variants(Class<?> family) {
    if (family == Command.OfCluster.class) {
      return Stream.empty();
    }
    return family.isSealed()
        ? Arrays.stream(family.getPermittedSubclasses()).flatMap(CodecTest::variants)
        : Stream.of(family);
  }

  @Test
  void anEnumNumberOfANewerVersionIsRefusedByName() throws Exception {
    StateProto.State.Builder state =
        StateProto.State.parseFrom(StateCodec.encode(EMPTY)).toBuilder();
    state.getGlobalBuilder().setShapeValue(77);

    assertThatThrownBy(() -> StateCodec.decode(state.build().toByteArray()))
        .hasMessage("state.global.shape: the number 77 has no meaning in this version of Hamlet");
  }

  @Test
  void anEventOfANewerVersionIsRefused() throws Exception {
    byte[] bytes =
        EntryCodec.encode(new Entry(EntryId.NONE, Moment.ZERO, new HamEvent.TimePassed()));
    EventProto.Entry.Builder entry = EventProto.Entry.parseFrom(bytes).toBuilder();
    entry.getEventBuilder().clearKind();

    assertThatThrownBy(() -> EntryCodec.decode(entry.build().toByteArray()))
        .hasMessage("entry.event.kind: is missing or of a newer version of Hamlet");
  }

  @Test
  void aWrongNameIsRefusedWithItsPlace() throws Exception {
    StateProto.State.Builder state =
        StateProto.State.parseFrom(StateCodec.encode(EMPTY)).toBuilder();
    state.addEntities(state.getGlobal().toBuilder().setName("a/b"));

    assertThatThrownBy(() -> StateCodec.decode(state.build().toByteArray()))
        .hasMessageStartingWith("state.entities[0].name: the name has a forbidden character");
  }

  @Test
  void keysThatDoNotRiseAreRefused() throws Exception {
    StateProto.State.Builder state =
        StateProto.State.parseFrom(StateCodec.encode(EMPTY)).toBuilder();
    state.addEntities(state.getGlobal().toBuilder().setName("b"));
    state.addEntities(state.getGlobal().toBuilder().setName("a"));

    assertThatThrownBy(() -> StateCodec.decode(state.build().toByteArray()))
        .hasMessage("state.entities: the key a does not come after b");
  }

  @Test
  void aMissingPartIsRefusedWithItsPlace() throws InvalidProtocolBufferException {
    StateProto.State state =
        StateProto.State.parseFrom(StateCodec.encode(EMPTY)).toBuilder().clearPair().build();

    assertThatThrownBy(() -> StateCodec.decode(state.toByteArray()))
        .hasMessage("state.pair: is missing");
  }

  @Test
  void halfASurrogatePairIsRefusedRatherThanChanged() {
    Entry entry =
        new Entry(EntryId.NONE, Moment.ZERO, new HamEvent.TookOver("n\ud83d", "boot", 1, 0, false));

    assertThatThrownBy(() -> EntryCodec.encode(entry))
        .hasMessage("took_over.node: has half a surrogate pair at position 1");
  }

  private static void collect(Object value, Set<Class<?>> seen) throws Exception {
    if (value instanceof Iterable<?> many) {
      for (Object one : many) {
        collect(one, seen);
      }
    } else if (value instanceof Map<?, ?> map) {
      collect(map.values(), seen);
    } else if (value instanceof Record) {
      seen.add(value.getClass());
      for (RecordComponent part : value.getClass().getRecordComponents()) {
        collect(part.getAccessor().invoke(value), seen);
      }
    }
  }
}
