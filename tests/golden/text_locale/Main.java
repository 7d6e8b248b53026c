import java.text.*;
import java.util.*;

public class Main {
    public static class MyBundle extends ListResourceBundle {
        protected Object[][] getContents() { return new Object[][] {{"k", "default"}, {"n", 5}, {"arr", new String[] {"a", "b"}}}; }
    }
    public static class MyBundle_de extends ListResourceBundle { protected Object[][] getContents() { return new Object[][] {{"k", "deutsch"}}; } }
    public static class MyBundle_de_AT extends ListResourceBundle { protected Object[][] getContents() { return new Object[][] {{"x", "austria"}}; } }

    public static void main(String[] args) {
        Locale l = new Locale.Builder().setLanguage("zh").setScript("Hant").setRegion("TW").setVariant("POSIX").setExtension('u', "ca-buddhist-nu-thai").build();
        System.out.println(l + " " + l.toLanguageTag() + " " + l.getLanguage() + l.getScript() + l.getCountry() + l.getVariant() + l.getUnicodeLocaleType("ca") + l.getExtensionKeys() + l.stripExtensions());
        System.out.println(Locale.forLanguageTag("sr-Latn-rs") + " " + Locale.forLanguageTag("x-private").toLanguageTag() + " " + Locale.forLanguageTag("not_valid") + "|" + Locale.of("iw").getLanguage() + " " + Locale.of("no", "NO", "NY").toLanguageTag() + " " + Locale.of("EN", "us") + " " + Locale.US.equals(Locale.of("en", "US")) + Locale.US.hashCode() * 0);
        System.out.println(Locale.GERMANY.getDisplayName(Locale.FRANCE) + " | " + Locale.JAPAN.getDisplayLanguage(Locale.GERMAN) + " | " + Locale.of("pt", "BR").getDisplayName(Locale.ENGLISH) + " | " + Locale.of("xx").getDisplayLanguage(Locale.ENGLISH) + " | " + Locale.CHINA.getDisplayCountry(Locale.ITALIAN) + " | " + Locale.US.getISO3Country() + Locale.US.getISO3Language());
        try {
            Locale.of("xx").getISO3Language();
        } catch (MissingResourceException e) {
            System.out.println(e.getMessage());
        }
        try {
            new Locale.Builder().setLanguage("toolonglang").build();
        } catch (IllformedLocaleException e) {
            System.out.println(e.getMessage());
        }
        List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse("fr-CH,fr;q=0.9,en;q=0.7,*;q=0.5");
        System.out.println(ranges + " " + Locale.lookup(ranges, List.of(Locale.ENGLISH, Locale.FRENCH)) + Locale.filter(ranges, List.of(Locale.GERMAN, Locale.CANADA_FRENCH, Locale.US)));
        System.out.println(Locale.getDefault().getLanguage());
        Locale.setDefault(Locale.GERMANY);
        System.out.println(String.format("%,.2f", 1234.5) + " " + NumberFormat.getInstance().format(0.5) + " " + "TITLE".toLowerCase() + " " + new DecimalFormat("0.0").format(1.5) + " " + Locale.getDefault(Locale.Category.FORMAT));
        Locale.setDefault(Locale.of("tr", "TR"));
        System.out.println("TITLE".toLowerCase() + " " + "title".toUpperCase() + " " + "title".toUpperCase(Locale.ROOT) + " " + "I".equalsIgnoreCase("i"));
        Locale.setDefault(Locale.ROOT);
        for (Locale q : new Locale[] {Locale.ROOT, Locale.GERMAN, Locale.of("de", "AT"), Locale.FRANCE}) {
            ResourceBundle b = ResourceBundle.getBundle("Main$MyBundle", q);
            System.out.println(q + ": " + b.getString("k") + b.getObject("n") + b.getStringArray("arr").length + b.containsKey("x") + b.getLocale() + " " + new TreeSet<>(b.keySet()));
        }
        try {
            ResourceBundle.getBundle("Main$MyBundle", Locale.ROOT).getString("n");
        } catch (ClassCastException e) {
            System.out.println("n is no string");
        }
        System.out.println(ResourceBundle.Control.getControl(ResourceBundle.Control.FORMAT_DEFAULT).getCandidateLocales("x", Locale.of("zh", "TW")) + " " + ResourceBundle.Control.getControl(ResourceBundle.Control.FORMAT_CLASS).toBundleName("a.b", Locale.of("de", "DE", "v")));
        System.out.println(new StringTokenizer("a b,c", " ,", true).countTokens() + " " + Collator.getInstance(Locale.of("sv")).compare("z", "ö") + Collator.getInstance(Locale.GERMAN).compare("z", "ö"));
    }
}
