package io.hamlet.manager.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.internal.v1.FoundingProto;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What one founder knows of all of them, as bytes and back.
 *
 * @param marks by node; a mark is drawn with a STATE, 16 hexadecimal digits
 * @param asks the sender wants the page of the other
 */
public record FounderPage(SortedMap<String, String> marks, boolean asks) {
  private static final int MOST = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern MARK = Pattern.compile("[0-9a-f]{16}");

  /** Checks names and marks; throws {@link WireException}. */
  public FounderPage {
    marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
    check("marks", marks.size() <= MOST, "must be at most " + MOST);
    for (Map.Entry<String, String> each : marks.entrySet()) {
      check("marks.node", NAME.matcher(each.getKey()).matches(), "is no name of a node");
      check("marks.mark", MARK.matcher(each.getValue()).matches(), "must be 16 hex digits");
    }
  }

  public byte[] encode() {
    FoundingProto.FounderPage.Builder page = FoundingProto.FounderPage.newBuilder().setAsks(asks);
    marks.forEach(
        (node, mark) ->
            page.addMarks(FoundingProto.FounderPage.Mark.newBuilder().setNode(node).setMark(mark)));
    return page.build().toByteArray();
  }

  /** The page that these bytes are; throws {@link WireException} when they are none. */
  public static FounderPage decode(byte[] bytes) {
    FoundingProto.FounderPage read;
    try {
      read = FoundingProto.FounderPage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("founders", "is damaged: " + e.getMessage());
    }
    TreeMap<String, String> marks = new TreeMap<>();
    for (FoundingProto.FounderPage.Mark mark : read.getMarksList()) {
      check("marks", marks.put(mark.getNode(), mark.getMark()) == null, "names a node twice");
    }
    return new FounderPage(marks, read.getAsks());
  }

  private static void check(String field, boolean holds, String otherwise) {
    if (!holds) {
      throw new WireException("founders." + field, otherwise);
    }
  }
}
