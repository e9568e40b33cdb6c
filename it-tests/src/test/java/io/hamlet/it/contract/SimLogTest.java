package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.Entry;
import io.hamlet.it.sim.SimLog;
import io.hamlet.manager.port.Journal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimLogTest extends JournalContract {
  private final List<Runnable> late = new ArrayList<>();
  private boolean prompt = true;
  private final SimLog log = new SimLog("n1", this::onDisk);

  private void onDisk(Runnable work) {
    if (prompt) {
      work.run();
    } else {
      late.add(work);
    }
  }

  @Test
  void aPowerCutTakesWhatIsNotDurable() {
    log.append(entry(1), after(1));
    prompt = false;
    log.append(entry(2), after(2));
    assertThat(log.durableIndex()).isEqualTo(1);
    assertThat(log.reached()).isEqualTo(after(2));

    log.powerCut();
    late.forEach(Runnable::run);

    assertThat(log.durableIndex()).isEqualTo(1);
    assertThat(survivors()).containsExactly(entry(1));
    assertThat(log.reached()).isEqualTo(after(1));
  }

  @Override
  protected Journal journal() {
    return log;
  }

  @Override
  protected List<Entry> survivors() {
    return log.read();
  }
}
