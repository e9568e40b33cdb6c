package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamBook;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which earlier states a replica can still compare with the original. */
class ReplicaTreeTest {
  private static final int MANY = 20;

  @Test
  void ofAUsualTreeTheLastSixteen() {
    assertThat(comparable(0)).containsExactlyElementsOf(milestones(MANY - 15, MANY));
  }

  /** Found in review: sixteen of a tree with much data were a multiple of it in memory. */
  @Test
  void ofATreeWithMuchDataTheLastOne() {
    assertThat(comparable(300 << 10)).containsExactlyElementsOf(milestones(MANY, MANY));
  }

  /** Those of many milestones that are still compared, of a tree with so much data. */
  private static List<Long> comparable(int bytes) {
    ReplicaTree tree = new ReplicaTree(Runnable::run, () -> {});
    tree.begin(ReplicaTreeBed.with(HamState.empty("w", Limits.DEFAULT), data(bytes)));
    List<Entry> entries = new ArrayList<>();
    for (long index : milestones(1, MANY)) {
      entries.add(entry(index));
    }
    // So that the newest milestone is not the newest state.
    entries.add(entry(MANY * Feeder.MILESTONE + 1));
    tree.apply(entries);
    List<Long> told = new ArrayList<>();
    ByteString wrong = ByteString.copyFromUtf8("no digest");
    milestones(1, MANY).forEach(index -> tree.compare(index, wrong, told::add));
    return told;
  }

  private static SamBook data(int bytes) {
    return SamBook.EMPTY.keeping(new Name("program"), Blob.of(new byte[bytes]));
  }

  private static List<Long> milestones(long first, long last) {
    return LongStream.rangeClosed(first, last).map(i -> i * Feeder.MILESTONE).boxed().toList();
  }

  private static Entry entry(long index) {
    Command create = new Command.CreateEntity(new Name("e" + index), Flags.OfEntity.NONE);
    return new Entry(
        new EntryId(1, 1, index),
        new Moment(index, index),
        new HamEvent.Requested(new RequestId(index, 1, 0), create));
  }
}
