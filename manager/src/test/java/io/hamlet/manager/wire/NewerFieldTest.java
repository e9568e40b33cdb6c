package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.hamlet.internal.v1.ClusterProto;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.StateProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A field that this version does not know is refused in each part of all that is kept, the empty
 * ones included (found by chance, in one that says nothing but its kind).
 */
class NewerFieldTest {
  private static final Path GOLDEN = Path.of("../proto/src/test/resources/golden/0.1.0");
  private static final UnknownFieldSet NEWER =
      UnknownFieldSet.newBuilder()
          .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  private final TreeSet<String> tried = new TreeSet<>();
  private final TreeSet<String> passed = new TreeSet<>();

  @Test
  void inAnEntry() throws Exception {
    for (String line : lines("entries.hex")) {
      everywhere(EventProto.Entry.parseFrom(bytes(line)), EntryCodec::decode);
    }
    for (long seed : LongStream.range(0, 30_000).toArray()) {
      byte[] entry = EntryCodec.encode(new RandomEvents(seed).entry());
      everywhere(EventProto.Entry.parseFrom(entry), EntryCodec::decode);
    }
    assertThat(passed).isEmpty();
  }

  @Test
  void inAState() throws Exception {
    for (String line : lines("states.hex")) {
      everywhere(StateProto.State.parseFrom(bytes(line)), StateCodec::decode);
    }
    assertThat(passed).isEmpty();
  }

  @Test
  void inWhatAClusterKeeps() throws Exception {
    for (String line : lines("cluster-log.hex")) {
      everywhere(ClusterProto.ClusterCommand.parseFrom(bytes(line)), ClusterCodec::decode);
    }
    for (String line : lines("cluster-state.hex")) {
      everywhere(ClusterProto.ClusterState.parseFrom(bytes(line)), ClusterStateCodec::decode);
    }
    assertThat(passed).isEmpty();
  }

  private void everywhere(Message whole, Consumer<byte[]> decode) {
    places(
        whole,
        "",
        (place, newer) -> {
          if (!tried.add(place)) {
            return;
          }
          try {
            decode.accept(newer.toByteArray());
            passed.add(place);
          } catch (WireException e) {
            assertThat(e).hasMessageContaining("field 999, which this version");
          }
        });
  }

  /** Hands out each copy of the message that has the field in one more of its parts. */
  private static void places(Message m, String at, BiConsumer<String, Message> each) {
    each.accept(at, m.toBuilder().setUnknownFields(NEWER).build());
    for (Map.Entry<FieldDescriptor, Object> entry : m.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      String place = at + "/" + field.getName();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (!field.isRepeated()) {
        BiConsumer<String, Message> outside =
            (where, part) -> each.accept(where, m.toBuilder().setField(field, part).build());
        places((Message) entry.getValue(), place, outside);
      } else if (m.getRepeatedFieldCount(field) > 0) {
        BiConsumer<String, Message> outside =
            (where, part) ->
                each.accept(where, m.toBuilder().setRepeatedField(field, 0, part).build());
        places((Message) m.getRepeatedField(field, 0), place, outside);
      }
    }
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(GOLDEN.resolve(file));
  }

  private static byte[] bytes(String line) {
    return HexFormat.of().parseHex(line.strip());
  }
}
