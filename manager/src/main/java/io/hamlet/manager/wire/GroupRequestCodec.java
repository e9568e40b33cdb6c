package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.RequestCodec.field;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.v1.SamGroupRequest;

/** What programs ask of their groups. Throws {@link Refused} that names the field. */
public final class GroupRequestCodec {
  private GroupRequestCodec() {}

  /**
   * @param member who asks
   */
  public static Command command(SamGroupRequest request, SamGroup.Member member) {
    Name group = field("group", () -> new Name(request.getGroup()));
    if (group.isGlobal()) {
      throw Refused.invalid("group: '" + group + "' is reserved");
    }
    return new Command.Group(group, member, call(request));
  }

  private static GroupCall call(SamGroupRequest request) {
    return switch (request.getActCase()) {
      case JOIN -> new GroupCall.Join();
      case LEAVE -> new GroupCall.Leave("left");
      case MESSAGE -> {
        int bytes = request.getMessage().size();
        if (bytes > SamGroup.MOST_BYTES) {
          throw new Refused(
              Rejection.Reason.TOO_BIG,
              "message: " + bytes + " bytes; one has at most " + SamGroup.MOST_BYTES);
        }
        yield new GroupCall.Say(SamCodec.decode(request.getMessage()));
      }
      case ACT_NOT_SET -> throw Refused.invalid("act: says nothing that this manager knows");
    };
  }
}
