import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.xml.parsers.*;
import javax.xml.stream.*;
import org.w3c.dom.*;
import org.xml.sax.*;
import org.xml.sax.helpers.DefaultHandler;

public class Main {
    static void walk(Node n, String in, StringBuilder out) {
        switch (n.getNodeType()) {
            case Node.ELEMENT_NODE -> {
                out.append(in).append(n.getNodeName());
                NamedNodeMap as = n.getAttributes();
                for (int i = 0; i < as.getLength(); i++) out.append(' ').append(as.item(i));
                out.append('\n');
            }
            case Node.TEXT_NODE -> { if (!n.getNodeValue().isBlank()) out.append(in).append('"').append(n.getNodeValue().strip()).append("\"\n"); }
            case Node.COMMENT_NODE -> out.append(in).append("#").append(n.getNodeValue()).append('\n');
            case Node.CDATA_SECTION_NODE -> out.append(in).append("CDATA ").append(n.getNodeValue()).append('\n');
            default -> {}
        }
        for (Node c = n.getFirstChild(); c != null; c = c.getNextSibling()) walk(c, in + " ", out);
    }

    public static void main(String[] args) throws Exception {
        URI u = new URI("http://user:pw@host.example:8080/a/b/../c%20d?q=1&r=%C3%BC#frag");
        System.out.println(u.getScheme() + " " + u.getUserInfo() + " " + u.getHost() + " " + u.getPort() + " " + u.getPath() + " " + u.getRawPath() + " " + u.getQuery() + " " + u.getFragment() + " " + u.normalize() + " " + u.resolve("../x/y?z") + " " + u.isAbsolute() + u.isOpaque() + u.compareTo(URI.create("http://a")));
        System.out.println(URI.create("mailto:a@b").isOpaque() + " " + URI.create("/a/b/c").relativize(URI.create("/a/b/c/d/e")) + " " + new URI("http", "h", "/p q", "x=ü", null).toASCIIString() + " " + URI.create("file:///x").getPath() + URI.create("http://[::1]:80/").getHost() + " " + URI.create("").getPath().isEmpty());
        for (String bad : new String[] {"http://a b", "http://h:x/", ":", "%zz", "http://[::1"}) {
            try {
                System.out.println(new URI(bad).getAuthority());
            } catch (URISyntaxException e) {
                System.out.println(e.getMessage());
            }
        }
        URL url = URI.create("https://127.0.0.1/p/f.html?a=b#r").toURL();
        System.out.println(url.getProtocol() + url.getHost() + url.getPort() + url.getDefaultPort() + url.getFile() + url.getRef() + " " + url.toExternalForm() + " " + url.sameFile(URI.create("https://127.0.0.1/p/f.html?a=b").toURL().equals(url) ? url : url));
        try {
            URI.create("nope://x").toURL();
        } catch (MalformedURLException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(URLEncoder.encode("a b&c=ü/€+~*", StandardCharsets.UTF_8) + " " + URLDecoder.decode("a+b%26%C3%BC", StandardCharsets.UTF_8));
        String xml = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'entity'>]><r a='1' b=\"&lt;&#65;\"><!-- c --><x:y xmlns:x='urn:x'>text &amp; &e;</x:y><![CDATA[<raw>]]><empty/></r>";
        DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();
        f.setNamespaceAware(true);
        Document doc = f.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        StringBuilder out = new StringBuilder();
        walk(doc.getDocumentElement(), "", out);
        System.out.print(out);
        System.out.println(doc.getElementsByTagNameNS("urn:x", "y").item(0).getTextContent());
        StringBuilder sax = new StringBuilder();
        SAXParserFactory.newInstance().newSAXParser().parse(new InputSource(new StringReader(xml)), new DefaultHandler() {
            @Override public void startElement(String a, String b, String q, Attributes at) { sax.append('<').append(q).append(at.getLength()); }
            @Override public void endElement(String a, String b, String q) { sax.append('>'); }
            @Override public void characters(char[] c, int s, int n) { sax.append(c, s, n); }
        });
        System.out.println(sax);
        for (String bad : new String[] {"<a><b></a>", "<a", "<a>&undefined;</a>", ""}) {
            try {
                DocumentBuilder b = f.newDocumentBuilder();
                b.setErrorHandler(null);
                b.setErrorHandler(new DefaultHandler());
                b.parse(new InputSource(new StringReader(bad)));
            } catch (SAXParseException e) {
                System.out.println(e.getLineNumber() + ":" + e.getColumnNumber() + " " + e.getMessage());
            }
        }
        StringWriter sw = new StringWriter();
        XMLStreamWriter w = XMLOutputFactory.newInstance().createXMLStreamWriter(sw);
        w.writeStartDocument();
        w.writeStartElement("root");
        w.writeAttribute("k", "a\"<b");
        w.writeCharacters("1 < 2");
        w.writeEmptyElement("e");
        w.writeEndElement();
        w.writeEndDocument();
        System.out.println(sw);
        XMLStreamReader r = XMLInputFactory.newInstance().createXMLStreamReader(new StringReader(sw.toString()));
        StringBuilder ev = new StringBuilder();
        while (r.hasNext()) ev.append(r.next()).append(' ');
        System.out.println(ev);
    }
}
