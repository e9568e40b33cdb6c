package io.hamlet.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.Options;
import io.hamlet.v1.SamGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every function of the HAM is served, once, and the table in the documents says where. */
class FunctionTableTest {
  private static final boolean WRITE = "write".equals(System.getProperty("hamlet.docs"));

  /** ham.md 2.1 to 2.9. */
  private static final String FUNCTIONS =
      """
      ham_connect ham_connect_nd ham_connect_node
      ham_disconnect ham_disconnect_nd ham_disconnect_node
      ham_attach_self ham_attach ham_attach_node
      ham_detach ham_detach_name ham_detach_name_node ham_detach_self
      ham_entity ham_entity_node ham_entity_control
      ham_entity_condition_state ham_entity_condition_raise
      ham_heartbeat ham_heartbeat_control
      ham_entity_handle ham_entity_handle_node
      ham_condition_handle ham_condition_handle_node
      ham_action_handle ham_action_handle_node
      ham_entity_handle_free ham_condition_handle_free ham_action_handle_free
      ham_condition ham_condition_state ham_condition_raise
      ham_condition_remove ham_condition_control
      ham_action_restart ham_action_execute ham_action_waitfor
      ham_action_notify_pulse ham_action_notify_pulse_node
      ham_action_notify_signal ham_action_notify_signal_node
      ham_action_heartbeat_healthy ham_action_log ham_action_remove ham_action_control
      ham_action_fail_execute ham_action_fail_waitfor
      ham_action_fail_notify_pulse ham_action_fail_notify_pulse_node
      ham_action_fail_notify_signal ham_action_fail_notify_signal_node
      ham_action_fail_log ham_action_fail_remove
      ham_stop ham_stop_nd ham_stop_node ham_verbose
      """;

  /** sam.md 1.4. */
  private static final String SAM_FUNCTIONS =
      """
      sam_initialize sam_register sam_start sam_stop sam_hc_send sam_hc_callback_register
      sam_warn_signal_set sam_data_store sam_data_getsize sam_data_restore sam_mark_failed
      sam_finalize
      """;

  private static final ServiceDescriptor HAM = described(HamGrpc.getServiceDescriptor());
  private static final ServiceDescriptor SAM = described(SamGrpc.getServiceDescriptor());

  private static ServiceDescriptor described(io.grpc.ServiceDescriptor service) {
    return ((ProtoServiceDescriptorSupplier) service.getSchemaDescriptor()).getServiceDescriptor();
  }

  private static Stream<MethodDescriptor> methods() {
    return Stream.of(HAM, SAM).flatMap(service -> service.getMethods().stream());
  }

  @Test
  void everyFunctionIsServedExactlyOnce() {
    List<String> served = new ArrayList<>(FunctionTable.CLIENT_ONLY.keySet());
    HAM.getMethods().forEach(method -> served.addAll(FunctionTable.functions(method)));
    assertThat(served).containsExactlyInAnyOrder(FUNCTIONS.trim().split("\\s+"));
    assertThat(SAM.getMethods().stream().flatMap(m -> FunctionTable.functions(m).stream()))
        .containsExactlyInAnyOrder(SAM_FUNCTIONS.trim().split("\\s+"));
  }

  @Test
  void everyMethodSaysWhereSdkAndCommandLineHaveIt() {
    assertThat(FunctionTable.markdown(HAM, SAM).lines().filter(line -> line.startsWith("| ")))
        .noneMatch(line -> line.contains("|  |"));
    assertThat(methods().toList())
        .allMatch(m -> m.getOptions().hasExtension(Options.sdk))
        .allMatch(m -> m.getOptions().hasExtension(Options.cli));
  }

  @Test
  void whatTheTableCallsTheSdkIsThere() {
    assertThat(methods().toList())
        .extracting(method -> method.getOptions().getExtension(Options.sdk))
        .allMatch(FunctionTableTest::isInSdk, "a public method of the SDK");
    assertThat(isInSdk("Ham.sing")).isFalse();
    assertThat(isInSdk("Hum.connect")).isFalse();
  }

  @Test
  void theDocumentIsUpToDate() throws IOException {
    Path file = ProjectTree.root().resolve("proto/FUNCTIONS.md");
    String text = FunctionTable.markdown(HAM, SAM);
    if (WRITE) {
      Files.writeString(file, text);
    }
    assertThat(file).as("write it anew with -Dhamlet.docs=write").content().isEqualTo(text);
  }

  private static boolean isInSdk(String name) {
    try {
      return Stream.of(Class.forName("io.hamlet.client." + name.split("\\.")[0]).getMethods())
          .anyMatch(method -> method.getName().equals(name.split("\\.")[1]));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
