import './ui/styles.css';
import { startApp } from './app/start.tsx';

startApp(document);
