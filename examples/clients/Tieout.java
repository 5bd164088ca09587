import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole round with Java 17 and nothing else: who am I, a file up, follow the run, fetch what failed, read what
 * happened. Run it as it is: TIEOUT_URL=https://tieout.example.com TIEOUT_KEY=tk_... java Tieout.java stock stock.csv
 */
public final class Tieout {
    private static final int ATTEMPTS = 5;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String url = System.getenv("TIEOUT_URL");
    private final String key = System.getenv("TIEOUT_KEY");

    public static void main(String[] args) throws Exception {
        new Tieout().round(args[0], Path.of(args[1]), Path.of(args.length > 2 ? args[2] : "events.cursor"));
    }

    private void round(String workflow, Path file, Path cursorFile) throws Exception {
        System.out.println("client: " + member(send(to("/v1/caller")), "client"));

        // Made of the content: the same file sent twice, by a repeat or by mistake, has its effect once.
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        String started = send(to("/v1/workflows/" + workflow + "/records")
            .header("Idempotency-Key", '"' + workflow + '-' + hash + '"')
            .header("Content-Type", "text/csv")
            .header("Prefer", "respond-async")
            .POST(HttpRequest.BodyPublishers.ofFile(file)));
        String id = member(started, "id");

        // Each call waits up to 50 seconds for the end; nothing has to reach this machine from outside.
        String run;
        do {
            run = send(to("/v1/runs/" + id + "?wait=50"));
        } while (!member(run, "over").equals("true"));
        System.out.println("run " + id + ": " + member(run, "state"));

        // Correct it and send it as it is.
        Path failed = Path.of("failed.csv");
        Files.writeString(failed, send(to("/v1/runs/" + id + "/records/failed").setHeader("Accept", "text/csv")));
        System.out.println("failed rows: " + (Files.readAllLines(failed).size() - 1));

        // The cursor is saved when the events have been dealt with.
        String cursor = Files.exists(cursorFile) ? Files.readString(cursorFile).strip() : "";
        String query = cursor.isEmpty() ? "" : "?after=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        String events = send(to("/v1/events" + query));
        System.out.println("events: " + Pattern.compile("\"type\":\"").matcher(events).results().count());
        Files.writeString(cursorFile, member(events, "next"));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(120))
            .header("X-API-Key", key)
            .header("Accept", "application/json");
    }

    /** Every call of this API can be sent again; the gateway says which are worth it, and when. */
    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() < 300) return answer.body();
            String retryable = member(answer.body(), "retryable");
            boolean again = retryable.equals("after-delay") || retryable.equals("same-request");
            // code, detail and request id are what to look up and to ask for help with
            if (!again || attempt == ATTEMPTS) throw new IOException(member(answer.body(), "code") + ": "
                + member(answer.body(), "detail") + " (" + member(answer.body(), "requestId") + ")");
            Thread.sleep(answer.headers().firstValueAsLong("Retry-After").orElse(attempt * 2L) * 1000);
        }
    }

    /** A text, number or truth value of a JSON object; a program of your own has a JSON library. */
    private static String member(String json, String name) {
        Matcher found = Pattern.compile('"' + name + "\":\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
