/*
 * La même chose en Java : un client, une ligne
 *
 *   java tcp/Appel.java [port]
 *
 * En face : tcp/06-serveur
 * SPDX-License-Identifier: MIT
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

public class Appel {
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
        try (Socket serveur = new Socket("127.0.0.1", port)) {
            serveur.getOutputStream().write("Bonjour\n".getBytes());
            var entree = new BufferedReader(new InputStreamReader(serveur.getInputStream()));
            System.out.println("réponse : " + entree.readLine());
        }
    }
}
