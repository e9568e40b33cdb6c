package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.Entry;
import io.hamlet.it.sim.ArrayJournal;
import io.hamlet.manager.port.Journal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrayJournalTest extends JournalContract {
  private final ArrayJournal journal = new ArrayJournal(0);

  @Test
  void aPowerCutTakesWhatIsNotDurable() {
    journal.append(entry(1), after(1));
    journal.prompt(false);
    journal.append(entry(2), after(2));
    assertThat(journal.durableIndex()).isEqualTo(1);

    journal.loseWhatIsNotDurable();

    assertThat(survivors()).containsExactly(entry(1));
    assertThat(journal.newest()).isEqualTo(after(1));
  }

  @Override
  protected Journal journal() {
    return journal;
  }

  @Override
  protected List<Entry> survivors() {
    return journal.entries();
  }
}
