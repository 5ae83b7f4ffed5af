import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** What Processing's lists have in common. */
abstract class Items<T extends Comparable<T>> implements Iterable<T> {
  List<T> all = new ArrayList<>();

  int size() { return all.size(); }
  T get(int index) { return all.get(index); }
  T remove(int index) { return all.remove(index); }
  void append(T item) { all.add(item); }
  void insert(int index, T item) { all.add(index, item); }
  int index(T item) { return all.indexOf(item); }
  boolean hasValue(T item) { return all.contains(item); }
  void sort() { Collections.sort(all); }
  void sortReverse() { all.sort(Collections.reverseOrder()); }
  void reverse() { Collections.reverse(all); }
  public Iterator<T> iterator() { return all.iterator(); }
}

class FloatList extends Items<Float> {
  FloatList() {}
  /** Of so many zeros. */
  FloatList(int length) { for (int i = 0; i < length; i++) all.add(0f); }
  FloatList(float... items) { for (float item : items) all.add(item); }

  void append(float item) { all.add(item); }
  void insert(int index, float item) { all.add(index, item); }
  void set(int index, float item) { while (all.size() <= index) all.add(0f); all.set(index, item); }
  int index(float item) { return all.indexOf(item); }
  boolean hasValue(float item) { return all.contains(item); }
  FloatList copy() { return getSubset(0, size()); }
  FloatList getSubset(int start, int length) {
    FloatList part = new FloatList();
    part.all.addAll(all.subList(start, start + length));
    return part;
  }
  String join(String mark) {
    List<String> texts = new ArrayList<>();
    for (float item : all) texts.add(String.valueOf(item));
    return String.join(mark, texts);
  }
  float sum() { float sum = 0; for (float item : all) sum += item; return sum; }
  private void need() { if (all.isEmpty()) throw new RuntimeException("the list is empty"); }
  float min() { need(); return Collections.min(all); }
  float max() { need(); return Collections.max(all); }
}

class StringList extends Items<String> {
  StringList() {}
  StringList(String... items) { all.addAll(List.of(items)); }

  void set(int index, String item) { while (all.size() <= index) all.add(null); all.set(index, item); }
  StringList copy() { return getSubset(0, size()); }
  StringList getSubset(int start, int length) {
    StringList part = new StringList();
    part.all.addAll(all.subList(start, start + length));
    return part;
  }
  String join(String mark) { return String.join(mark, all); }
}
