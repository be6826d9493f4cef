import hmac
import hashlib
import time
import json
from flask import Flask, request, abort
app = Flask(__name__)
WEBHOOK_SECRET = "whsec_your_secret_here"
@app.route("/webhook", methods=["POST"])
def webhook():
    signature = request.headers.get("X-Signature")
    timestamp = request.headers.get("X-Timestamp")
    payload = json.dumps(request.json, separators=(",", ":"))
    # 1. Verify timestamp is within 5 minutes
    now = int(time.time() * 1000)
    if abs(now - int(timestamp)) > 5 * 60 * 1000:
        abort(401, "Timestamp too old")
    # 2. Verify signature
    expected = hmac.new(
        WEBHOOK_SECRET.encode(),
        f"{timestamp}.{payload}".encode(),
        hashlib.sha256
    ).hexdigest()
    if not hmac.compare_digest(expected, signature):
        abort(401, "Invalid signature")
    # 3. Process the event
    print("Received webhook event:", request.json)
    return "OK", 200
