package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagsTest {
  private final Tags tags = new Tags();

  @Test
  void countsFromOneAndTellsWhatIsAnswered() {
    Tags.Tag first = tags.begin();
    Tags.Tag second = tags.begin();
    assertThat(first.client()).isNotZero().isEqualTo(second.client());
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(second.sequence()).isEqualTo(2);
    assertThat(second.answeredBelow()).isEqualTo(1);
    first.close();
    assertThat(tags.begin().answeredBelow()).isEqualTo(2);
    second.close();
    second.close();
    assertThat(tags.begin().answeredBelow()).isEqualTo(3);
  }

  @Test
  void nothingOpenMeansAllBeforeIsAnswered() {
    tags.begin().close();
    Tags.Tag next = tags.begin();
    assertThat(next.answeredBelow()).isEqualTo(next.sequence()).isEqualTo(2);
  }
}
