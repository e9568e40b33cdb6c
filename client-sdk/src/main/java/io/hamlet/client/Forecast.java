package io.hamlet.client;

import java.util.List;

/**
 * What the loss of nodes would lead to.
 *
 * @param quorate a majority of the voters would be left
 * @param fates of all entities of the cluster, by name
 */
public record Forecast(boolean quorate, List<Fate> fates) {
  /**
   * Of one entity.
   *
   * @param from where it runs; empty: nowhere
   * @param to where it would run; empty: nowhere
   * @param why what it would wait for before it runs there, or why it would run nowhere; empty:
   *     neither
   */
  public record Fate(String entity, String from, String to, String why) {}

  public Forecast {
    fates = List.copyOf(fates);
  }
}
