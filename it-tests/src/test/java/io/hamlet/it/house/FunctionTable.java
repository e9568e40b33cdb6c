package io.hamlet.it.house;

import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.hamlet.v1.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each {@code ham_*} and {@code sam_*} function is: read from the options of the methods in
 * {@code proto}.
 */
final class FunctionTable {
  /** Functions that need no call: they are about objects of the client alone. */
  static final Map<String, String> CLIENT_ONLY = clientOnly();

  private static final String HEAD =
      """
      # The functions of HAM and SAM, and where they are

      Generated from the method options in `src/main/proto/hamlet/v1`; do not edit.
      `FunctionTableTest` compares, and writes it anew with `-Dhamlet.docs=write`.

      """;

  private FunctionTable() {}

  /** The functions that a method of the service serves. */
  static List<String> functions(MethodDescriptor method) {
    MethodOptions options = method.getOptions();
    List<String> functions = new ArrayList<>();
    for (int i = 0; i < options.getExtensionCount(Options.function); i++) {
      functions.add(options.getExtension(Options.function, i));
    }
    return functions;
  }

  /** The whole document. */
  static String markdown(ServiceDescriptor ham, ServiceDescriptor sam) {
    StringBuilder text = new StringBuilder(HEAD);
    tables(text, ham);
    text.append("\n## Live in the client alone\n\n| function | SDK |\n|---|---|\n");
    CLIENT_ONLY.forEach(
        (name, sdk) ->
            text.append("| ").append(code(name)).append(" | ").append(sdk).append(" |\n"));
    text.append("\n# SAM\n\n");
    tables(text, sam);
    return text.toString();
  }

  private static void tables(StringBuilder text, ServiceDescriptor service) {
    text.append("| function | RPC | role | SDK | command line |\n|---|---|---|---|---|\n");
    for (MethodDescriptor method : service.getMethods()) {
      for (String function : functions(method)) {
        row(text, code(function), method);
      }
    }
    text.append("\n## Ours, without a counterpart\n\n");
    text.append("| function | RPC | role | SDK | command line |\n|---|---|---|---|---|\n");
    for (MethodDescriptor method : service.getMethods()) {
      if (functions(method).isEmpty()) {
        row(text, "-", method);
      }
    }
  }

  private static void row(StringBuilder text, String function, MethodDescriptor method) {
    MethodOptions options = method.getOptions();
    text.append("| ").append(function);
    text.append(" | ").append(code(method.getName()));
    text.append(" | ").append(options.getExtension(Options.role));
    text.append(" | ").append(code(options.getExtension(Options.sdk)));
    // A bar inside a cell would end it.
    text.append(" | ").append(code(options.getExtension(Options.cli).replace("|", "\\|")));
    text.append(" |\n");
  }

  private static String code(String cell) {
    return cell.isEmpty() || cell.equals("-") ? "-" : "`" + cell + "`";
  }

  private static Map<String, String> clientOnly() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("ham_disconnect", "`Ham.close`");
    map.put("ham_disconnect_nd", "`Ham.close`");
    map.put("ham_disconnect_node", "`Ham.close`");
    map.put("ham_entity_handle_free", "nothing to free");
    map.put("ham_condition_handle_free", "nothing to free");
    map.put("ham_action_handle_free", "nothing to free");
    return map;
  }
}
