import java.util.Scanner;

/** Runs the sketches whose classes are named, and prints on a line for each what it printed, and its error. */
class Run {
  public static void main(String[] arguments) throws Exception {
    Scanner names = new Scanner(System.in);
    while (names.hasNext()) {
      String name = names.next();
      PApplet sketch = (PApplet) Class.forName(name).getDeclaredConstructor().newInstance();
      String error = "";
      try {
        sketch.setup();
        sketch.draw();
      } catch (Throwable problem) {
        error = problem.toString();
      }
      System.out.println("{\"printed\":[" + String.join(",", sketch.printed) + "],\"error\":" + Json.of(error) + "}");
    }
  }
}
