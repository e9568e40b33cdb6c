package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sim.ArrayBeatTable;
import io.hamlet.manager.port.BeatTable;
import org.junit.jupiter.api.Test;

class ArrayBeatTableTest extends BeatTableContract {
  private final ArrayBeatTable table = new ArrayBeatTable(200, p -> !dead.contains(p));

  @Test
  void aFullTableTakesTheSlotsOfTheDead() {
    for (int i = 0; i < 200; i++) {
      take(i);
    }
    assertThat(table.take(uid(), process(1_000))).isEqualTo(-1);
    dead.add(process(77));
    assertThat(table.take(uid(), process(1_000))).isEqualTo(77);
  }

  @Override
  protected BeatTable table() {
    return table;
  }

  @Override
  protected void store(int slot, long word) {
    table.store(slot, word);
  }

  @Override
  protected long uid() {
    return 0;
  }
}
