package io.hamlet.client.internal;

import com.google.protobuf.ByteString;
import io.hamlet.client.EventStream;
import io.hamlet.client.SamException;
import io.hamlet.client.SamGroup;
import io.hamlet.client.SamStatus;
import io.hamlet.client.WatchSpec;
import io.hamlet.v1.SamGroupRequest;
import io.hamlet.v1.SamGroupResponse;
import io.hamlet.v1.SamGrpc;
import io.hamlet.v1.SamListGroupsRequest;
import io.hamlet.v1.SamListGroupsResponse;
import java.util.List;
import java.util.function.UnaryOperator;

/** The calls of one program in one group. Thread-safe. */
public final class GroupCalls {
  private final SamCalls calls;
  private final String group;

  /**
   * Where a member is heard from.
   *
   * @param tree whose events are watched
   * @param position of its joining
   */
  public record Place(String member, String tree, String position) {}

  public GroupCalls(SamCalls calls, String group) {
    this.calls = calls;
    this.group = group;
  }

  public String group() {
    return group;
  }

  public Place join() throws SamException, InterruptedException {
    SamGroupResponse joined = change(b -> b.setJoin(true));
    for (io.hamlet.v1.SamGroup.Member m : joined.getGroup().getMembersList()) {
      if (m.getMember().equals(joined.getMember())) {
        return new Place(m.getMember(), joined.getTree(), m.getPosition());
      }
    }
    throw new SamException(
        SamStatus.BAD_HANDLE, "it was in the group '" + group + "', and is no more", null);
  }

  /** Who has joined before. */
  public Place joined() throws SamException, InterruptedException {
    SamListGroupsResponse all = list(calls);
    for (io.hamlet.v1.SamGroup each : all.getGroupsList()) {
      for (io.hamlet.v1.SamGroup.Member m : each.getMembersList()) {
        if (each.getName().equals(group)
            && m.getNode().equals(all.getNode())
            && m.getProgram().equals(calls.name())) {
          return new Place(m.getMember(), all.getTree(), m.getPosition());
        }
      }
    }
    throw new SamException(
        SamStatus.BAD_HANDLE,
        "'" + calls.name() + "' is not in the group '" + group + "'; join it first",
        null);
  }

  public void leave() throws SamException, InterruptedException {
    change(b -> b.setLeave(true));
  }

  public void send(byte[] message) throws SamException, InterruptedException {
    if (message.length > SamGroup.MOST_BYTES) {
      throw new SamException(
          SamStatus.TOO_BIG, message.length + " bytes; a message has at most 1 KiB", null);
    }
    change(b -> b.setMessage(ByteString.copyFrom(message)));
  }

  public EventStream watch(String tree, String path, String position) throws InterruptedException {
    return calls.session().withNode(tree).watch(WatchSpec.ALL.path(path).from(position));
  }

  public static List<SamGroup.View> all(SamCalls calls) throws SamException, InterruptedException {
    return list(calls).getGroupsList().stream()
        .map(
            g ->
                new SamGroup.View(
                    g.getName(),
                    g.getMembersList().stream()
                        .map(io.hamlet.v1.SamGroup.Member::getMember)
                        .toList()))
        .toList();
  }

  private static SamListGroupsResponse list(SamCalls calls)
      throws SamException, InterruptedException {
    return calls.ask(
        SamGrpc.getListGroupsMethod(),
        header -> SamListGroupsRequest.newBuilder().setHeader(header).build());
  }

  private SamGroupResponse change(UnaryOperator<SamGroupRequest.Builder> act)
      throws SamException, InterruptedException {
    return calls.change(
        calls.session(),
        SamGrpc.getGroupMethod(),
        header ->
            act.apply(
                    SamGroupRequest.newBuilder()
                        .setHeader(header)
                        .setProgram(calls.handle())
                        .setGroup(group))
                .build());
  }
}
