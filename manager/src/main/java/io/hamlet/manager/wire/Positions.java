package io.hamlet.manager.wire;

import io.hamlet.core.model.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Places in the histories of several trees, as text that a client keeps and hands back unread: like
 * {@link Position}, of version 2, with the number of trees and each of them by its name.
 *
 * @param places one for each tree, by name, at most {@link #MOST}
 */
public record Positions(List<Position> places) {
  /** Each event carries all of them. */
  public static final int MOST = 64;

  static final int ALL_TREES = 2;
  private static final int MAX_TEXT = 32 * 1024;

  public Positions {
    places = List.copyOf(places);
    if (places.size() > MOST) {
      throw Refused.invalid("a position is of at most " + MOST + " trees, not " + places.size());
    }
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i - 1).tree().compareTo(places.get(i).tree()) >= 0) {
        throw Refused.invalid("the trees of a position are there once each, by name");
      }
    }
  }

  /** That of a tree, or null. */
  public Position of(String tree) {
    return places.stream().filter(p -> p.tree().equals(tree)).findFirst().orElse(null);
  }

  /** The text of these places; only letters, digits, {@code -} and {@code _}. */
  public String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 * (1 + places.size()));
    out.write(ALL_TREES);
    out.write(places.size());
    places.forEach(place -> place.write(out));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /** Reads what {@link #text} wrote; anything else is Refused as INVALID. */
  public static Positions parse(String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw Position.unreadable(text);
    }
    Positions positions;
    try {
      ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (in.get() != ALL_TREES) {
        throw Refused.invalid(
            "a watch of all nodes goes on at a position of another such, and this is none");
      }
      int count = in.get() & 0xFF;
      List<Position> places = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        places.add(Position.read(in));
      }
      positions = new Positions(places);
    } catch (IllegalArgumentException | BufferUnderflowException | CharacterCodingException e) {
      throw Position.unreadable(text);
    }
    // Whatever else is amiss does not come out the same.
    if (!positions.text().equals(text)) {
      throw Position.unreadable(text);
    }
    return positions;
  }
}
