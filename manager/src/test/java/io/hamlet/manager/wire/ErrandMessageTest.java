package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Messages about errands: what was sent is read, and what is damaged is refused. */
class ErrandMessageTest {
  @Property(tries = 1000)
  void aMessageIsReadAsItWasWritten(@ForAll long seed) {
    ErrandMessage message = new Messages(seed).message();
    assertThat(ErrandMessage.decode(message.encode())).isEqualTo(message);
  }

  @Property(tries = 300)
  void damageEndsInNothingButAWireException(@ForAll long seed) {
    byte[] bytes = new Messages(seed).message().encode();
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        ErrandMessage.decode(damaged);
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("errand message");
      }
    }
  }

  private static final class Messages extends RandomEvents {
    Messages(long seed) {
      super(seed);
    }

    ErrandMessage message() {
      return new ErrandMessage(number(), text(), body());
    }

    private ErrandMessage.Body body() {
      return one(
          () ->
              new ErrandMessage.Body.Ask(
                  errandId(), errand(), text(), number(), number(), integer()),
          () -> new ErrandMessage.Body.Report(errandId(), fate(), integer()),
          () -> new ErrandMessage.Body.Greeting(bool()),
          () -> new ErrandMessage.Body.Identify(number(), number()),
          () -> new ErrandMessage.Body.Identified(number(), processId()),
          () -> new ErrandMessage.Body.Unidentified(number(), rejection()));
    }
  }
}
