package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.sam.SamBook;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.StateProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every entry and every state. */
class CodecPropertyTest {
  @Property(tries = 2000)
  void anEntryIsReadAsItWasWritten(@ForAll long seed) {
    Entry entry = new RandomEvents(seed).entry();

    byte[] bytes = EntryCodec.encode(entry);

    assertThat(EntryCodec.decode(bytes)).isEqualTo(entry);
    assertThat(EntryCodec.encode(new RandomEvents(seed).entry())).isEqualTo(bytes);
  }

  @Property(tries = 500)
  void aStateIsReadAsItWasWritten(@ForAll long seed) {
    HamState state = new RandomTree(seed).state();

    byte[] bytes = StateCodec.encode(state);
    HamState read = StateCodec.decode(bytes);

    assertThat(read).isEqualTo(state);
    assertThat(StateCodec.encode(read)).isEqualTo(bytes);
    assertThat(Digest.of(read)).isEqualTo(Digest.of(state));
  }

  @Property(tries = 200)
  void aCutEntryIsRefusedOrAnotherEntry(@ForAll long seed) {
    Entry entry = new RandomEvents(seed).entry();
    byte[] bytes = EntryCodec.encode(entry);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      try {
        assertThat(EntryCodec.decode(cut)).isNotEqualTo(entry);
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("entry");
      }
    }
  }

  @Property(tries = 300)
  void aFlippedBitNeverEndsInAnythingButAWireException(@ForAll long seed) {
    byte[] bytes = StateCodec.encode(new RandomTree(seed).state());
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        StateCodec.decode(damaged);
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("state");
      }
    }
  }

  @Property(tries = 300)
  void aFieldOfANewerVersionIsRefusedWhereverItStands(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Message state = StateProto.State.parseFrom(StateCodec.encode(new RandomTree(seed).state()));
    Message entry = EventProto.Entry.parseFrom(EntryCodec.encode(new RandomEvents(seed).entry()));

    byte[] newerState = withUnknownField(state, random).toByteArray();
    byte[] newerEntry = withUnknownField(entry, random).toByteArray();

    assertThatThrownBy(() -> StateCodec.decode(newerState))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("field 999, which this version of Hamlet does not know");
    assertThatThrownBy(() -> EntryCodec.decode(newerEntry))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("field 999, which this version of Hamlet does not know");
  }

  @Property(tries = 200)
  void theDigestOfTheContentIgnoresTheLastEntryAndNothingThatClientsMade(@ForAll long seed) {
    HamState state = new RandomTree(seed).state();
    HamState later = withLast(state, new EntryId(7, 7, 7));

    assertThat(Digest.ofContent(later)).isEqualTo(Digest.ofContent(state));
    HamState other = new RandomTree(seed + 1).state();
    assertThat(Arrays.equals(Digest.ofContent(other), Digest.ofContent(state)))
        .isEqualTo(withLast(other, EntryId.NONE).equals(withLast(state, EntryId.NONE)));
    assertThat(Arrays.equals(Digest.of(later), Digest.of(state))).isEqualTo(later.equals(state));
  }

  @Property(tries = 50)
  void theDigestOfTheContentIsTheSameWhateverTheLeaseIs(@ForAll long seed) {
    HamState state = new RandomTree(seed).state();
    SamBook sam = state.sam();
    HamState other = with(state, state.last(), sam.withQuorum(!sam.quorate()), state.right() + 1);

    assertThat(Digest.ofContent(other)).isEqualTo(Digest.ofContent(state));
    assertThat(Digest.of(other)).isNotEqualTo(Digest.of(state));
  }

  @Property(tries = 50)
  void theDigestOfTheContentIsTheSameWhoeverLeads(@ForAll long seed) {
    HamState state = new RandomTree(seed).state();
    HamState led = with(state, HamState.CLUSTER, "a", state.last(), state.sam(), state.right());
    HamState later = with(state, HamState.CLUSTER, "b", state.last(), state.sam(), state.right());

    assertThat(Digest.ofContent(later)).isEqualTo(Digest.ofContent(led));
    HamState rebooted = with(state, "n1", "b", state.last(), state.sam(), state.right());
    HamState node = with(state, "n1", "a", state.last(), state.sam(), state.right());
    assertThat(Digest.ofContent(rebooted)).isNotEqualTo(Digest.ofContent(node));
  }

  /** Goes down at random and leaves a field there that nobody knows. */
  private static Message withUnknownField(Message message, Random random) {
    List<FieldDescriptor> parts = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                parts.add(field);
              }
            });
    Message.Builder builder = message.toBuilder();
    if (parts.isEmpty() || random.nextInt(6) == 0) {
      UnknownFieldSet.Field one = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
      return builder
          .setUnknownFields(UnknownFieldSet.newBuilder().addField(999, one).build())
          .build();
    }
    FieldDescriptor field = parts.get(random.nextInt(parts.size()));
    if (field.isRepeated()) {
      int i = random.nextInt(message.getRepeatedFieldCount(field));
      Message part = (Message) message.getRepeatedField(field, i);
      builder.setRepeatedField(field, i, withUnknownField(part, random));
    } else {
      builder.setField(field, withUnknownField((Message) message.getField(field), random));
    }
    return builder.build();
  }

  private static HamState withLast(HamState s, EntryId last) {
    return with(s, last, s.sam(), s.right());
  }

  private static HamState with(HamState s, EntryId last, SamBook sam, long right) {
    return with(s, s.node(), s.boot(), last, sam, right);
  }

  private static HamState with(
      HamState s, String node, String boot, EntryId last, SamBook sam, long right) {
    return new HamState(
        node,
        boot,
        last,
        s.told(),
        s.nextUid(),
        s.entities(),
        s.global(),
        s.lanes(),
        s.open(),
        s.deadlines(),
        s.clients(),
        s.channels(),
        s.errands(),
        sam,
        s.pair(),
        s.verbosity(),
        s.beatsSuspended(),
        s.stopping(),
        right,
        s.granted(),
        s.limits());
  }
}
