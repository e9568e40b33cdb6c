package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.Entity;
import io.hamlet.internal.v1.ClusterProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Grafts as bytes and back. A loss is one command of the consensus, and so has a longest: long
 * grafts are deflated, to a tenth as a rule, for entities that care about a loss are much alike.
 */
public final class GraftCodec {
  /** Leaves room for the rest of a command, and of a message of the bus. */
  public static final int MOST_BYTES = 900 * 1024;

  /** What is shorter stays as it is. */
  private static final int SHORT_BYTES = 64 * 1024;

  /** Nothing that we deflate is longer when it is inflated. */
  private static final int MOST_INFLATED = 64 << 20;

  private GraftCodec() {}

  /** As many of these entities as go into one command, the first ones. */
  public static List<Entity> fitting(List<Entity> graft) {
    List<Entity> fitting = graft;
    for (int bytes = size(fitting); bytes > MOST_BYTES; bytes = size(fitting)) {
      long fewer = (long) fitting.size() * MOST_BYTES / bytes;
      // Some bytes less than would fit if all were alike.
      fitting = fitting.subList(0, (int) Math.min(fitting.size() - 1, fewer - fewer / 16));
    }
    return List.copyOf(fitting);
  }

  private static int size(List<Entity> graft) {
    ClusterProto.GraftEntities whole = whole(graft);
    if (whole.getSerializedSize() <= SHORT_BYTES) {
      return whole.getSerializedSize();
    }
    long share = (long) MOST_BYTES * whole.getSerializedSize() / MOST_INFLATED;
    return (int) Math.max(share, deflated(whole).size());
  }

  static ClusterProto.GraftEntities encode(List<Entity> graft) {
    ClusterProto.GraftEntities whole = whole(graft);
    return whole.getSerializedSize() > SHORT_BYTES
        ? ClusterProto.GraftEntities.newBuilder().setDeflated(deflated(whole)).build()
        : whole;
  }

  static List<Entity> decode(ClusterProto.GraftEntities m) {
    if (m.getDeflated().isEmpty()) {
      return list("entity", m.getEntityList(), EntityCodec::decode);
    }
    ClusterProto.GraftEntities whole = inflated(m.getDeflated());
    if (m.getEntityCount() > 0 || !whole.getDeflated().isEmpty()) {
      throw new WireException("deflated", "is not the only form of the graft");
    }
    return in("deflated", whole, GraftCodec::decode);
  }

  private static ClusterProto.GraftEntities whole(List<Entity> graft) {
    ClusterProto.GraftEntities.Builder b = ClusterProto.GraftEntities.newBuilder();
    graft.forEach(entity -> b.addEntity(EntityCodec.encode(entity)));
    return b.build();
  }

  private static ByteString deflated(ClusterProto.GraftEntities whole) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      whole.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot be written", e);
    } finally {
      deflater.end();
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static ClusterProto.GraftEntities inflated(ByteString bytes) {
    Inflater inflater = new Inflater(true);
    try (InputStream in = new InflaterInputStream(bytes.newInput(), inflater)) {
      byte[] whole = in.readNBytes(MOST_INFLATED + 1);
      if (whole.length > MOST_INFLATED) {
        throw new WireException("deflated", "is more than " + MOST_INFLATED + " bytes");
      }
      return ClusterProto.GraftEntities.parseFrom(whole);
    } catch (IOException e) {
      throw new WireException("deflated", "is damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
