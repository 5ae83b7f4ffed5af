import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** As much of Processing as blocks use, by its reference: what it prints is JSON, and what it draws is printed. */
class PApplet {
  static final float PI = (float) Math.PI;
  static final int BLEND = 1, ADD = 2, SUBTRACT = 4, LIGHTEST = 8, DARKEST = 16, DIFFERENCE = 32, EXCLUSION = 64,
    MULTIPLY = 128, SCREEN = 256, OVERLAY = 512, HARD_LIGHT = 1024, SOFT_LIGHT = 2048, DODGE = 4096, BURN = 8192,
    BLUR = 11, GRAY = 12, INVERT = 13, OPAQUE = 14, POSTERIZE = 15, THRESHOLD = 16, ERODE = 17, DILATE = 18;

  int mouseX = 3, mouseY = 4, width = 100, height = 100;
  int[] pixels = new int[20000];
  final List<String> printed = new ArrayList<>();
  private final Random chance = new Random(1);

  void setup() {}
  void draw() {}

  void println(Object value) {
    if (printed.size() == 10000) throw new IllegalStateException("the sketch does not end");
    printed.add(Json.of(value));
  }

  private void drawn(String what, Object... values) { println(what + Json.of(List.of(values))); }
  void size(int w, int h) { drawn("size", w, h); }
  void arc(float a, float b, float c, float d, float e, float f) { drawn("arc", a, b, c, d, e, f); }
  void ellipse(float a, float b, float c, float d) { drawn("ellipse", a, b, c, d); }
  void line(float a, float b, float c, float d) { drawn("line", a, b, c, d); }
  void point(float a, float b) { drawn("point", a, b); }
  void quad(float a, float b, float c, float d, float e, float f, float g, float h) { drawn("quad", a, b, c, d, e, f, g, h); }
  void rect(float a, float b, float c, float d) { drawn("rect", a, b, c, d); }
  void triangle(float a, float b, float c, float d, float e, float f) { drawn("triangle", a, b, c, d, e, f); }
  void background(float a, float b, float c) { drawn("background", a, b, c); }
  void fill(float a, float b, float c) { drawn("fill", a, b, c); }
  void stroke(float a, float b, float c) { drawn("stroke", a, b, c); }
  void noFill() { drawn("noFill"); }
  void noStroke() { drawn("noStroke"); }
  void loadPixels() { drawn("loadPixels"); }
  void updatePixels() { drawn("updatePixels"); }
  int get(int x, int y) { return pixels[y * width + x]; }
  void set(int x, int y, int colour) { drawn("set", x, y, colour); pixels[y * width + x] = colour; }
  void copy(int a, int b, int c, int d, int e, int f, int g, int h) { drawn("copy", a, b, c, d, e, f, g, h); }
  void blend(int a, int b, int c, int d, int e, int f, int g, int h, int mode) { drawn("blend", a, b, c, d, e, f, g, h, mode); }
  void filter(int mode) { drawn("filter", mode); }
  void filter(int mode, float value) { drawn("filter", mode, value); }

  static int abs(int x) { return Math.abs(x); }
  static float abs(float x) { return Math.abs(x); }
  static float sqrt(float x) { return (float) Math.sqrt(x); }
  static float sq(float x) { return x * x; }
  static float log(float x) { return (float) Math.log(x); }
  static float exp(float x) { return (float) Math.exp(x); }
  static float pow(float x, float y) { return (float) Math.pow(x, y); }
  static int round(float x) { return Math.round(x); }
  static int ceil(float x) { return (int) Math.ceil(x); }
  static int floor(float x) { return (int) Math.floor(x); }
  static float sin(float x) { return (float) Math.sin(x); }
  static float cos(float x) { return (float) Math.cos(x); }
  static float tan(float x) { return (float) Math.tan(x); }
  static float asin(float x) { return (float) Math.asin(x); }
  static float acos(float x) { return (float) Math.acos(x); }
  static float atan(float x) { return (float) Math.atan(x); }
  static float atan2(float y, float x) { return (float) Math.atan2(y, x); }
  static float radians(float x) { return (float) Math.toRadians(x); }
  static float degrees(float x) { return (float) Math.toDegrees(x); }
  static int min(int a, int b) { return Math.min(a, b); }
  static float min(float a, float b) { return Math.min(a, b); }
  static int max(int a, int b) { return Math.max(a, b); }
  static float max(float a, float b) { return Math.max(a, b); }
  static int constrain(int x, int low, int high) { return x < low ? low : x > high ? high : x; }
  static float constrain(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
  float random(float high) { return random(0, high); }
  float random(float low, float high) { return low >= high ? low : low + chance.nextFloat() * (high - low); }

  static int parseInt(float x) { return (int) x; }
  static int parseInt(int x) { return x; }
  static int parseInt(String x) { try { return Integer.parseInt(x); } catch (NumberFormatException e) { return 0; } }
  static float parseFloat(float x) { return x; }
  static float parseFloat(String x) { try { return Float.parseFloat(x); } catch (NumberFormatException e) { return Float.NaN; } }
  static String str(char x) { return String.valueOf(x); }
  static String str(float x) { return String.valueOf(x); }
  static String str(int x) { return String.valueOf(x); }
  static String str(boolean x) { return String.valueOf(x); }

  static String[] split(String text, char mark) { return split(text, String.valueOf(mark)); }
  static String[] split(String text, String mark) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at; (at = text.indexOf(mark, from)) != -1; from = at + mark.length()) parts.add(text.substring(from, at));
    parts.add(text.substring(from));
    return parts.toArray(new String[0]);
  }

  private static int part(float x) { return Math.max(0, Math.min(255, (int) x)); }
  static int color(float red, float green, float blue) { return 0xFF000000 | part(red) << 16 | part(green) << 8 | part(blue); }
  static float red(int colour) { return colour >> 16 & 255; }
  static float green(int colour) { return colour >> 8 & 255; }
  static float blue(int colour) { return colour & 255; }
  static int lerpColor(int one, int other, float amount) {
    float a = constrain(amount, 0f, 1f);
    return color(red(one) + round(a * (red(other) - red(one))), green(one) + round(a * (green(other) - green(one))),
      blue(one) + round(a * (blue(other) - blue(one))));
  }
}
