package io.hamlet.manager.api;

import com.google.protobuf.Descriptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.hamlet.v1.Options;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a caller may do; each may do what those before it may. A certificate has a role as a subject
 * alternative name, the URI {@code hamlet:role:view}.
 */
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

  static final String URI = "hamlet:role:";
  private static final int URI_NAME = 6;

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
    Role highest = null;
    for (List<?> name : names(certificate)) {
      if (name.get(0).equals(URI_NAME) && name.get(1).toString().startsWith(URI)) {
        Role role = of(name.get(1).toString().substring(URI.length()));
        highest = highest == null || (role != null && role.includes(highest)) ? role : highest;
      }
    }
    return highest;
  }

  /** What a method needs, as its option says; one that says nothing needs {@link #ADMIN}. */
  static Role neededFor(MethodDescriptor<?, ?> method) {
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

  private static Collection<List<?>> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
