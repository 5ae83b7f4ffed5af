String name = "";
StringList words = new StringList();
FloatList numbers = new FloatList();
boolean seen = false;
color red2 = 0;
String word = "";
float t = 0;

void setup() {
  println(greet("Ada"));
  size(200, 100);
  name = "a\"b\\";
  words = new StringList("x", "y");
  numbers = new FloatList(1, 2);
  seen = true;
  red2 = #FF0000;
}

void draw() {
  quad(t, 1, 2, 3, t, t, 5, 6);
  for (String word_item : words) {
    word = word_item;
    println(word);
  }
  if (name.equals("x")) {
    println(averageOfList(numbers));
  }
  t += 1 / 2.0;
}

String greet(String who) {
  return "" + "Hi " + who;
}

float averageOfList(FloatList list) {
  return list.sum() / list.size();
}
