package io.hamlet.manager.api;

import com.google.protobuf.Descriptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.hamlet.manager.tls.Roles;
import io.hamlet.v1.Options;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What a caller may do; each may do what those before it may. */
enum Role {
  /** Look. */
  VIEW,
  /** Publish, switch on and off, resume. */
  OPERATE,
  /** Whatever a client can do. */
  ADMIN,
  /** Be a manager: serve, and send requests on for others. */
  MANAGER;

  /** Set for the time of a call: no more than {@link #ADMIN}. */
  static final Context.Key<Role> CALL = Context.keyWithDefault("io.hamlet.role", VIEW);

  static final String URI = Roles.URI;

  /** Read once: each call asks. */
  private static final Map<MethodDescriptor<?, ?>, Role> NEEDED = new ConcurrentHashMap<>();

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null when no role has that word. */
  static Role of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    return null;
  }

  /** The highest that it has; null: none. */
  static Role of(X509Certificate certificate) {
    return Roles.of(certificate).stream()
        .map(Role::of)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** What a method needs, as its option says; one that says nothing needs {@link #ADMIN}. */
  static Role neededFor(MethodDescriptor<?, ?> method) {
    return NEEDED.computeIfAbsent(method, Role::read);
  }

  private static Role read(MethodDescriptor<?, ?> method) {
    if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier proto) {
      Descriptors.MethodDescriptor known = proto.getMethodDescriptor();
      Role needed = known == null ? null : of(known.getOptions().getExtension(Options.role));
      return needed == null ? ADMIN : needed;
    }
    return ADMIN;
  }

  boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /** The lower of the two. */
  Role atMost(Role other) {
    return includes(other) ? other : this;
  }
}
