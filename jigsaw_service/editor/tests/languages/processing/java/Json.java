import java.util.ArrayList;
import java.util.List;

/** A value as JSON. */
class Json {
  static String of(Object value) {
    if (value == null || value instanceof Boolean || value instanceof Integer) return String.valueOf(value);
    if (value instanceof Float) {
      float number = (Float) value;
      return Float.isFinite(number) ? String.valueOf(number) : quoted(String.valueOf(number));
    }
    if (value instanceof Iterable) {
      List<String> items = new ArrayList<>();
      for (Object item : (Iterable<?>) value) items.add(of(item));
      return "[" + String.join(",", items) + "]";
    }
    return quoted(String.valueOf(value));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray())
      json.append(c < 32 || c > 126 || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    return json.append('"').toString();
  }
}
