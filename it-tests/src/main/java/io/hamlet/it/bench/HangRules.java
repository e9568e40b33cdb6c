package io.hamlet.it.bench;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;

/** What is done with entities that attached themselves: killed when they hang, then restarted. */
final class HangRules {
  private HangRules() {}

  /**
   * @param args server, number of entities, and the command of one, in which % is its number from
   *     0; they are called beats0, beats1 and so on
   */
  public static void main(String[] args) throws InterruptedException {
    try (Ham ham = Ham.connect(args[0])) {
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        String[] again = new String[args.length - 2];
        for (int word = 0; word < again.length; word++) {
          again[word] = args[word + 2].replace("%", Integer.toString(i));
        }
        rule(ham.named("beats" + i), again);
      }
    }
  }

  private static void rule(Entity entity, String[] again) throws InterruptedException {
    Condition hung =
        entity.condition("hung", ConditionSpec.of(ConditionType.BEAT_MISSED_HIGH).rearm(Rearm.ON));
    hung.action("kill", Deed.signalSelf(9), Rearm.ON);
    Condition died = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    died.action("again", Deed.restart(again), Rearm.ON);
  }
}
