/*
 * La même chose en Java : un ServerSocket, des deux côtés
 *
 *   java tcp/Ecoute.java [port]
 *
 * À regarder : dans un autre terminal, « ss -ltn », pendant qu'il attend Entrée.
 * SPDX-License-Identifier: MIT
 */
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;

public class Ecoute {
    static void attendreUnClient(ServerSocket ecoute) throws IOException {
        ecoute.setSoTimeout(200); // millisecondes ; sans cela, accept attendrait toujours
        try {
            ecoute.accept().close();
        } catch (SocketTimeoutException rien) {
            System.out.println("accept : personne dans la file, il attendait");
        }
    }

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;

        // socket, puis bind et listen d'un seul appel : une file de 2
        ServerSocket ecoute = new ServerSocket();
        ecoute.bind(new InetSocketAddress(port), 2);
        System.out.println("bind : à l'écoute, file de 2");
        try {
            ecoute.bind(new InetSocketAddress(port + 2));
        } catch (IOException refus) {
            System.out.println("second bind : " + refus.getMessage());
        }
        ServerSocket autre = new ServerSocket(port + 1); // la file par défaut
        System.out.println("(Entrée continue)");
        while (System.in.read() != '\n') { }

        // le client : connecté avant tout accept, le noyau l'a rangé dans la file
        Socket client = new Socket();
        client.connect(new InetSocketAddress("127.0.0.1", port));
        System.out.println("connect : " + client.isConnected() + ", avant accept");
        Socket dialogue = ecoute.accept();
        System.out.println("accept : port local " + dialogue.getLocalPort());
        attendreUnClient(ecoute);

        // deux flux par connexion
        dialogue.getOutputStream().write("ok\n".getBytes());
        dialogue.close();
        System.out.print("lu : " + new String(client.getInputStream().readAllBytes()));
        client.close();

        autre.close();
        try {
            new Socket("127.0.0.1", port + 1).close();
        } catch (IOException refus) {
            System.out.println("connect : " + refus.getMessage());
        }
        ecoute.close();
    }
}
